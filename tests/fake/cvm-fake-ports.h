/* cvm-fake-ports.h: ports that obey the test: no host, no guest, no network behind them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the fake host "has" are files in a folder of the test's own, so that it outlives the
 * process that made it, as a real host's domains do: DIR/domain-UUID holds the mark. */
#pragma once

#include "cvm-ports.h"

/* What a command in the guest prints; returns its exit status, or -1: the connection is lost */
typedef int (*CvmFakeExec) (const char *command,
                            const char *input,
                            GString    *out,
                            GString    *err);

/* A web server; NULL: the connection fails, with the error set */
typedef CvmHttpReply *(*CvmFakeHttp) (const CvmHttpRequest  *request,
                                      GError               **error);

/* Told of each touch of the world outside, in the thread that does it: "open-host", "overlay",
 * "new-guest", "start", "shut-down", "destroy", "define-domain", "define-network",
 * "start-network". TRUE: it fails, with the error set. */
typedef gboolean (*CvmFakeTouch) (const char  *what,
                                  GError     **error);

typedef struct
{
  const char *dir;              /* the world outside */
  const char *const *hypervisors;   /* that the host offers; NULL: qemu alone */
  const char *silent_hypervisor;    /* guests of this type never say a word */
  const char *boot_text;        /* what a guest's console says; NULL: "Linux version 0\nREADY\n" */
  gboolean    is_remote;
  gboolean    host_refuses;     /* open_host: HOST_LOST at once */
  gint        n_losses;         /* hosts that are open when it grows are lost; atomic */
  gboolean    host_hangs;       /* open_host: waits for its deadline */
  gboolean    start_hangs;      /* a guest's start waits for its deadline or a cancel */
  gboolean    destroy_fails;
  gboolean    network_is_forbidden;   /* as a session's libvirt, which may make no bridge */
  gint        ssh_refusals;     /* connections refused before one succeeds; atomic */
  gint        ssh_silences;     /* tries that are accepted and never answered; atomic */
  gboolean    ssh_denies;       /* wrong key */
  gboolean    exec_hangs;
  const char *exec_output;
  int         exec_status;
  CvmFakeExec exec;             /* instead of exec_output and exec_status, if set */
  guint       http_status;
  const char *http_body;        /* NULL: "fake" */
  CvmFakeHttp http;             /* instead of the two, if set */
  gint        is_cut;           /* its network cable is out: ssh is silent; atomic */
  gint        n_cut_boots;      /* starts without it; atomic */
  gboolean    reboot_is_ignored;
  CvmFakeTouch touch;           /* or NULL */
  const char *arch;             /* the host's; NULL: x86_64 */
  const GError *exec_error;     /* what a command fails with, if set */
  gint        guest_is_dead;    /* it went off by itself; atomic */
  guint       first_sign_ms;    /* 0: 300 */
  gboolean    has_screen;       /* a new frame comes with each command */
  gint        n_frames;         /* so far; atomic */
  void      (*on_spec) (const CvmGuestSpec *spec);   /* told of each guest that is made, or NULL */
  void      (*on_ssh)  (const CvmSshTarget *target); /* and of each try to log in */
  const char *last_uri;         /* that http was asked for; static memory */
  gint        n_boots;          /* starts and reboots so far; atomic */
  gint        n_running;        /* guests on now; atomic */
  gint        max_running;      /* the most at once */
} CvmFakeWorld;

/* Set by the test before a run, and left alone while it lives */
extern CvmFakeWorld cvm_fake_world;

const CvmPorts *cvm_fake_ports   (void);

/* Domains that are in the world, and networks */
guint           cvm_fake_n_domains (void);
guint           cvm_fake_n_networks (void);
void            cvm_fake_remove_domains (void);

/* A domain of somebody else: named like ours, without our mark (or with another user's) */
void            cvm_fake_add_foreign (const char *uuid,
                                      const char *name,
                                      gboolean    marked_by_other_user);
