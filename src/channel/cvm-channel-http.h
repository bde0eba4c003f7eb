/* cvm-channel-http.h: the http port, by libsoup
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   channel.
 * Threads: blocks; for job threads. No main loop is needed.
 * Trust:   the server is a guest: its body, its headers and its redirects are bounded. */
#pragma once

#include "cvm-channel.h"

/**
 * cvm_channel_http_get:
 * @uri: http or https; a certificate is not looked at, since a guest cannot have a valid one
 * @max_body: bytes of the body that are kept (of its content, where it came compressed)
 *
 * Gets @uri once, through no proxy and with no cookie. Redirects to the same address and port are
 * followed; one that leads elsewhere is the reply. A status of any kind is a reply and no error.
 */
CvmHttpReply *cvm_channel_http_get (const char    *uri,
                                    gsize          max_body,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);
