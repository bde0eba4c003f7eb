/* cvm-image-room.h: the room that images take, and which of them could go
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-image-item.h"

/**
 * cvm_image_room_describe:
 * @free_bytes: -1: nobody knows
 * @budget: bytes; 0: no limit
 *
 * "12 GB of 40 GB", "12 GB used, 300 GB free"
 */
char      *cvm_image_room_describe (gint64      bytes,
                                    gint64      free_bytes,
                                    gint64      budget);

/**
 * cvm_image_room_choose:
 * @items: (element-type CvmImageItem)
 * @bytes: that are to be freed
 *
 * The images that were not used for the longest time, as many as that needs: of the user's folder,
 * not used by a run, and nothing is being done with them. One that was never used counts as used
 * when it was checked.
 */
GPtrArray *cvm_image_room_choose   (GPtrArray  *items,
                                    gint64      bytes);
