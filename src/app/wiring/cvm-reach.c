/* cvm-reach.c: what speaks with hosts and guests: libvirt, ssh, http and VNC
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-reach.h"

#include "cvm-channel-display.h"
#include "cvm-channel-http.h"
#include "cvm-channel-ssh.h"
#include "cvm-reach-host.h"
#include "cvm-virt-call.h"

const CvmReach cvm_reach = {
  .ports = {
    .open_host = cvm_reach_open_host,
    .peek_host = cvm_reach_peek_host,
    .open_ssh = cvm_channel_ssh_open,
    .ssh_key = cvm_channel_ssh_key,
    .http_send = cvm_channel_http_send,
    .open_display = cvm_channel_display_open,
  },
  .set_ask = cvm_reach_set_ask,
  .settle = cvm_virt_settle,
};
