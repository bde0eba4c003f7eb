/* cvm-channel-screen.h: a guest's screen, as gvnc receives it in the main context
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   channel, and only here.
 * Threads: shared by the job's thread and the default main context, where the connection lives;
 *          each field says who may look at it. */
#pragma once

#include <gvnc.h>

typedef struct
{
  GMutex         mutex;
  GCond          cond;

  /* under the mutex */
  gboolean       is_open;
  gboolean       is_closed;
  char          *reason;          /* why it closed, or NULL */
  guint32       *front;           /* the latest whole frame: 0x00RRGGBB */
  guint          width;
  guint          height;
  guint64        frame;           /* its number; 0: there is none */

  /* main context only */
  int            fd;              /* until gvnc takes it, else -1 */
  VncConnection *connection;
  guint32       *back;            /* where gvnc paints; freed with gvnc's framebuffer */
  guint          back_width;
  guint          back_height;
  guint          commit_id;
} CvmChannelScreen;

/**
 * cvm_channel_screen_new:
 *
 * Opens FD, which it owns, in the main context.
 */
CvmChannelScreen *cvm_channel_screen_new     (int               fd);

/**
 * cvm_channel_screen_hang_up:
 *
 * Closes the connection in the main context; the caller keeps its reference.
 */
void              cvm_channel_screen_hang_up (CvmChannelScreen *self);

void              cvm_channel_screen_unref   (gpointer          self);
