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
 * cvm_channel_http_send:
 * @request: http or https; a certificate is not looked at, since a guest cannot have a valid one.
 *   Its limit is for the body's content, where that came compressed.
 *
 * Asks once, through no proxy, with the cookies of the request and no other. Redirects of a GET to
 * the same address and port are followed, unless they are to be kept; one that leads elsewhere is
 * the reply. A status of any kind is a reply and no error.
 */
CvmHttpReply *cvm_channel_http_send (const CvmHttpRequest  *request,
                                     gint64                 deadline_us,
                                     GCancellable          *cancellable,
                                     GError               **error);
