/* test-check-run.c: each check against a guest that does what the row says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-paths.h"
#include "cvm-run.h"
#include "cvm-test-home.h"

#define HEAD  "[Suite]\nName=Test\nVersion=1\n"
#define START "[Precondition start]\nCheck=guest.start\n"
#define IMAGE "[Image]\nName=test\nDisk=base.raw\n"
#define READY IMAGE "Ready=^READY$\n"
#define KEY   IMAGE "Key=base.raw\n"

#define NESTED "1..3\nok 1 - a\n    ok 1 - x\n    not ok 2 - y\n      ---\n      why: no\n      ...\n" \
               "    1..2\nnot ok 2 - web \\# page\nnot ok 3 - c\n"

#define BOOT_LOG "[ 0.1] Linux version 6\n[ 0.2] a planted error\n[ 0.3] Known Warning 7\n"

/* A row: what the world is like, one case, and what must come of it */
typedef struct
{
  const char *name;
  const char *image;       /* NULL: IMAGE */
  const char *item;        /* the case's lines */
  const char *only;        /* "it/2;it/web": NULL: all */
  /* the world */
  const char *output;      /* of any command that is not known below */
  const char *errors;
  int         status;
  const char *dmesg;
  const char *messages, *boot_log, *update_log;
  const char *mask;        /* the text of the file "mask" in the suite's folder */
  const char *masks;       /* the text of masks/test.mask of the user's */
  const char *common;      /* the text of masks/common.mask */
  int         clock_s;     /* how far the guest's clock is ahead */
  const char *daemon;
  const char *mounted;     /* what "cd /cvmfs/…" ends in; NULL: there */
  const char *cache;       /* of cvmfs; NULL: a line */
  const char *cache_after; /* and after its restart, if it is another */
  gboolean    has_no_cvmfs2, service_fails;
  const char *body;
  guint       http;
  gboolean    denies, ignores_reboot;
  /* what comes of it */
  CvmOutcome  outcome;
  const char *reason;      /* a part of it */
  const char *detail;      /* "key: part of its value" */
  const char *no_detail;   /* the same: is not there */
  guint       n_children;
  const char *children;    /* NULL, or "1 skip, 2 fail, 2.1 pass" */
  int         cut_boots;   /* starts without a network */
} Row;

static const Row *current;   /* set before a run's threads are there, and left alone meanwhile */

static const Row rows[] = {
  /* guest.*, serial.* */
  { "stop", .item = "Check=guest.stop\n" },
  { "stop-force", .item = "Check=guest.stop\nforce=true\n" },
  { "start-twice", .item = "Check=guest.start\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "runs already" },
  { "restart-by-console", READY, "Check=guest.restart\n" },
  { "restart-by-boot-id", KEY, "Check=guest.restart\n", .detail = "boot id: 00000000-0002" },
  { "restart-by-neither", .item = "Check=guest.restart\n",
    .outcome = CVM_OUTCOME_SKIP, .reason = "neither Ready nor" },
  { "restart-ignored-console", READY, "Check=guest.restart\nTimeout=1\n", .ignores_reboot = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "not within 1 s" },
  { "restart-ignored-boot-id", KEY, "Check=guest.restart\nTimeout=1\n", .ignores_reboot = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "did not restart: its boot id is still 00000000-0001" },
  { "restart-denied", KEY, "Check=guest.restart\n", .denies = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "refused" },
  { "expect-ready", READY, "Check=serial.expect\n", .detail = "line: READY" },
  { "expect-pattern", .item = "Check=serial.expect\npattern=version [0-9]\n",
    .detail = "line: Linux version 0" },
  { "expect-nothing", .item = "Check=serial.expect\n",
    .outcome = CVM_OUTCOME_SKIP, .reason = "has no Ready" },
  { "expect-from-now", READY, "Check=serial.expect\nfrom=now\nTimeout=1\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "not within 1 s" },
  /* ssh.* */
  { "login", .item = "Check=ssh.login\n" },
  { "login-password", .item = "Check=ssh.login\npassword=file:secret\n" },
  { "login-password-open", .item = "Check=ssh.login\npassword=file:base.raw\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "chmod 600" },
  { "login-denied", .item = "Check=ssh.login\n", .denies = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "the key was refused" },
  { "command", .item = "Check=ssh.command\ncommand=say\noutput=^hel+o\n", .output = "hello\n",
    .detail = "output: hello" },
  { "command-line", .item = "Check=ssh.command\ncommand=say\noutput=^two$\n", .output = "one\ntwo\nthree\n" },
  { "command-status", .item = "Check=ssh.command\ncommand=say\n", .output = "x", .status = 3,
    .outcome = CVM_OUTCOME_FAIL, .reason = "status 3; expected: 0" },
  { "command-status-wanted", .item = "Check=ssh.command\ncommand=say\nstatus=3\n", .status = 3 },
  { "command-output", .item = "Check=ssh.command\ncommand=say\noutput=hello\n", .output = "bye\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "does not match /hello/", .detail = "output: bye" },
  { "command-errors", .item = "Check=ssh.command\ncommand=say\n", .errors = "oops\n", .status = 1,
    .outcome = CVM_OUTCOME_FAIL, .reason = "status 1", .detail = "errors: oops" },
  { "command-lost", .item = "Check=ssh.command\ncommand=say\n", .output = "half", .status = -1,
    .outcome = CVM_OUTCOME_FAIL, .reason = "connection closed", .detail = "output: half" },
  { "command-backtracks", .item = "Check=ssh.command\ncommand=say\noutput=^(a+)+$\n",
    .output = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    .outcome = CVM_OUTCOME_FAIL },
  /* http.get */
  { "web", .item = "Check=http.get\npattern=<html\n", .http = 200, .body = "<html>" },
  { "web-status", .item = "Check=http.get\n", .http = 500, .body = "broken",
    .outcome = CVM_OUTCOME_FAIL, .reason = "HTTP status 500; expected: 200",
    .detail = "page: broken" },
  { "web-status-wanted", .item = "Check=http.get\nstatus=404\n", .http = 404, .body = "" },
  { "web-pattern", .item = "Check=http.get\npattern=<html\n", .http = 200, .body = "plain",
    .outcome = CVM_OUTCOME_FAIL, .reason = "does not match /<html/" },
  { "web-path", .item = "Check=http.get\npath=index\n", .http = 200, .body = "",
    .outcome = CVM_OUTCOME_FAIL, .reason = "must begin with a slash" },
  /* boot.errors */
  { "boot-clean", .item = "Check=boot.errors\n", .dmesg = "[ 0.1] Linux version 6\n" },
  { "boot-error", .item = "Check=boot.errors\n", .dmesg = BOOT_LOG,
    .outcome = CVM_OUTCOME_FAIL, .reason = "2 lines match",
    .detail = "line: [ 0.2] a planted error" },
  { "boot-masked", .item = "Check=boot.errors\nmask=mask\n", .dmesg = BOOT_LOG,
    .mask = "# known\nplanted (error|fault)\nKnown Warning [0-9]\n", .detail = "masked: 2" },
  { "boot-masked-one", .item = "Check=boot.errors\nmask=mask\n", .dmesg = BOOT_LOG,
    .mask = "Known Warning\n", .outcome = CVM_OUTCOME_FAIL, .reason = "1 line matches" },
  { "boot-bad-mask", .item = "Check=boot.errors\nmask=mask\n", .dmesg = BOOT_LOG,
    .mask = "fine\n(open\n", .outcome = CVM_OUTCOME_FAIL, .reason = "mask:2: " },
  { "boot-image-mask", IMAGE "Mask=mask\n", "Check=boot.errors\n", .dmesg = BOOT_LOG,
    .mask = "error\nWarning\n" },
  { "boot-mask-by-name", .item = "Check=boot.errors\n", .dmesg = BOOT_LOG, .masks = "error|Warning\n",
    .detail = "masked: 2" },
  { "boot-common-mask", .item = "Check=boot.errors\n", .dmesg = BOOT_LOG, .common = "error|Warning\n",
    .detail = "masked: 2" },
  { "boot-common-mask-beside", .item = "Check=boot.errors\nmask=mask\n", .dmesg = BOOT_LOG, .mask = "error\n",
    .common = "Warning\n", .detail = "masked: 2" },
  { "boot-bad-common-mask", .item = "Check=boot.errors\n", .dmesg = BOOT_LOG, .common = "(open\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "common.mask:1: " },
  { "boot-messages", .item = "Check=boot.errors\n", .dmesg = "", .messages = "init: fail\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 line matches" },
  { "boot-pattern", .item = "Check=boot.errors\npattern=panic\n", .dmesg = BOOT_LOG },
  { "boot-denied", .item = "Check=boot.errors\n", .dmesg = NULL,
    .outcome = CVM_OUTCOME_FAIL, .reason = "may not read the kernel's log" },
  { "boot-not-utf-8", .item = "Check=boot.errors\n", .dmesg = "caf\xe9 error\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 line matches" },
  /* time.sync */
  { "clock", .item = "Check=time.sync\n", .daemon = "chronyd\n", .detail = "time daemon: chronyd" },
  { "clock-no-daemon", .item = "Check=time.sync\n", .detail = "time daemon: none" },
  { "clock-ahead", .item = "Check=time.sync\n", .clock_s = 3600,
    .outcome = CVM_OUTCOME_FAIL, .reason = "s ahead of the host's; allowed: 30s" },
  { "clock-behind", .item = "Check=time.sync\nlimit=5s\n", .clock_s = -20,
    .outcome = CVM_OUTCOME_FAIL, .reason = "s behind the host's; allowed: 5s" },
  { "clock-limit", .item = "Check=time.sync\nlimit=2m\n", .clock_s = 100 },
  { "clock-nonsense", .item = "Check=time.sync\n", .clock_s = G_MAXINT,
    .outcome = CVM_OUTCOME_FAIL, .reason = "printed “soon”" },
  { "clock-daemon", .item = "Check=time.sync\ndaemon=true\n", .daemon = "ntpd\n" },
  { "clock-daemon-none", .item = "Check=time.sync\ndaemon=true\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "no time daemon runs to keep it so (looked for: chronyd ntpd" },
  { "boot-log-file", .item = "Check=boot.errors\n", .dmesg = "", .boot_log = "x: [FAILED]\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 line matches" },
  { "boot-update-log", .item = "Check=boot.errors\n", .dmesg = "", .update_log = "a warning\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 line matches" },
  /* ssh.enable-key */
  { "enable-key", .item = "Check=ssh.enable-key\nuser=alice\n" },
  { "enable-key-image", KEY, "Check=ssh.enable-key\nuser=alice\npassword=file:secret\n" },
  { "enable-key-denied", .item = "Check=ssh.enable-key\n", .denies = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "the key was refused" },
  { "enable-key-full", .item = "Check=ssh.enable-key\n", .errors = "No space left\n", .status = 1,
    .outcome = CVM_OUTCOME_FAIL, .reason = "could not be put into .ssh/authorized_keys: status 1",
    .detail = "errors: No space left" },
  /* network.cut */
  { "cut", READY, "Check=network.cut\n", .detail = "boot without a network: ", .cut_boots = 1 },
  { "cut-pattern", .item = "Check=network.cut\nready=^READY$\n", .cut_boots = 1 },
  { "cut-untold", .item = "Check=network.cut\n",
    .outcome = CVM_OUTCOME_SKIP, .reason = "the image has no Ready" },
  { "cut-hangs", .item = "Check=network.cut\nready=NEVER\nTimeout=1\n", .outcome = CVM_OUTCOME_FAIL,
    .reason = "not within 1 s: without its network: the guest booted, or began to, and did not get ready", .cut_boots = 1 },
  { "cut-gone", READY, "Check=network.cut\n", .denies = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "with its network back: ssh as root: the key was refused", .cut_boots = 1 },
  { "cut-port", READY, "Check=network.cut\nport=80\n", .denies = TRUE, .http = 200, .body = "", .cut_boots = 1 },
  /* cvmfs.* */
  { "automount", .item = "Check=cvmfs.automount\nrepository=alice.cern.ch\n" },
  { "automount-missing", .item = "Check=cvmfs.automount\nrepository=alice.cern.ch\n", .mounted = "",
    .outcome = CVM_OUTCOME_FAIL, .reason = "/cvmfs/alice.cern.ch could not be entered: can't cd" },
  { "automount-wrong", .item = "Check=cvmfs.automount\nrepository=alice.cern.ch\n", .mounted = "/elsewhere",
    .outcome = CVM_OUTCOME_FAIL, .reason = "/cvmfs/alice.cern.ch leads to “/elsewhere”" },
  { "automount-dead", .item = "Check=cvmfs.automount\nrepository=alice.cern.ch\n", .has_no_cvmfs2 = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "no cvmfs2 process runs" },
  { "automount-hostile", .item = "Check=cvmfs.automount\nrepository=x;reboot\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "“x;reboot” is no repository's name" },
  { "automount-option", .item = "Check=cvmfs.automount\nrepository=-x\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "is no repository's name" },
  { "cache", .item = "Check=cvmfs.cache\nrepository=alice.cern.ch\n" },
  { "cache-broken", .item = "Check=cvmfs.cache\nrepository=alice.cern.ch\n", .cache = "not running",
    .outcome = CVM_OUTCOME_FAIL, .reason = "could not be listed before the restart: status 1: not running" },
  { "cache-lost", .item = "Check=cvmfs.cache\nrepository=alice.cern.ch\n", .cache_after = "gone",
    .outcome = CVM_OUTCOME_FAIL, .reason = "could not be listed after the restart: status 1: gone" },
  { "cache-empty", .item = "Check=cvmfs.cache\nrepository=alice.cern.ch\n", .cache = "",
    .outcome = CVM_OUTCOME_FAIL, .reason = "the cache was empty before the restart" },
  { "cache-service", .item = "Check=cvmfs.cache\nrepository=alice.cern.ch\n", .service_fails = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "“service cvmfs restart” ended with status 5: unknown service" },
  /* tap.* */
  { "tap-command", .item = "Check=tap.guest\ncommand=test\n", .output = "1..2\nok 1\nok 2\n",
    .n_children = 2 },
  { "tap-fails", .item = "Check=tap.guest\ncommand=test\n", .output = "1..2\nok 1\nnot ok 2 - b\n",
    .outcome = CVM_OUTCOME_FAIL, .n_children = 2 },
  { "tap-status", .item = "Check=tap.guest\ncommand=test\n", .output = "1..1\nok 1\n", .status = 9,
    .outcome = CVM_OUTCOME_FAIL, .reason = "9", .n_children = 1 },
  { "tap-script", .item = "Check=tap.guest\nscript=mask\n", .mask = "1..1\nok 1 - a script\n",
    .n_children = 1 },
  { "tap-neither", .item = "Check=tap.guest\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "either script or command" },
  { "tap-both", .item = "Check=tap.guest\nscript=mask\ncommand=test\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "either script or command" },
  { "tap-exec", .item = "Check=tap.exec\nargv=printf;1..1\\\\nok 1 - here\\\\n\n", .n_children = 1 },
  { "tap-exec-folder", .item = "Check=tap.exec\nargv=cat;mask\n", .mask = "1..1\nok 1\n",
    .n_children = 1 },
  { "tap-exec-missing", .item = "Check=tap.exec\nargv=no-such-program-anywhere\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "no-such-program-anywhere" },
  { "tap-exec-late", .item = "Check=tap.exec\nTimeout=1\nargv=tail;-f;/dev/null\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "not within 1 s" },
  /* --only of subtests */
  { "only-number", .item = "Check=tap.guest\ncommand=test\n", .only = "it/1", .output = NESTED,
    .status = 2, .n_children = 3, .children = "1 pass, 2 skip, 3 skip" },
  { "only-failed", .item = "Check=tap.guest\ncommand=test\n", .only = "it/2", .output = NESTED,
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 of 1 points failed", .n_children = 3,
    .children = "1 skip, 2 fail, 2.1 pass, 2.2 fail, 3 skip" },
  { "only-below", .item = "Check=tap.guest\ncommand=test\n", .only = "it/2.1", .output = NESTED,
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 of 1 points failed", .n_children = 3 },
  { "only-name", .item = "Check=tap.guest\ncommand=test\n", .only = "it/web # page", .output = NESTED,
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 of 1 points failed", .n_children = 3 },
  { "only-two", .item = "Check=tap.guest\ncommand=test\n", .only = "it/1;it/c", .output = NESTED,
    .outcome = CVM_OUTCOME_FAIL, .reason = "1 of 2 points failed", .n_children = 3,
    .children = "1 pass, 2 skip, 3 fail" },
  { "only-whole", .item = "Check=tap.guest\ncommand=test\n", .only = "it/1;it", .output = NESTED,
    .outcome = CVM_OUTCOME_FAIL, .reason = "2 of 3 points failed", .n_children = 3,
    .children = "1 pass, 2 fail, 2.1 pass, 2.2 fail, 3 fail" },
  { "only-none", .item = "Check=tap.guest\ncommand=test\n", .only = "it/9;it/no", .output = NESTED,
    .outcome = CVM_OUTCOME_FAIL, .reason = "it has no subtest 9, no", .n_children = 3 },
  { "only-bail-out", .item = "Check=tap.guest\ncommand=test\n", .only = "it/1",
    .output = "1..2\nok 1\nBail out! no power\n", .outcome = CVM_OUTCOME_FAIL,
    .reason = "no power", .n_children = 1 },
  { "only-cut", .item = "Check=tap.guest\ncommand=test\n", .only = "it/1",
    .output = "1..2\nok 1\n", .outcome = CVM_OUTCOME_FAIL, .reason = "not whole", .n_children = 1 },
  { "only-status", .item = "Check=tap.guest\ncommand=test\n", .only = "it/1",
    .output = "1..2\nok 1\nok 2\n", .status = 9, .outcome = CVM_OUTCOME_FAIL, .reason = "status 9",
    .n_children = 2 },
  { "only-buffered", .item = "Check=tap.guest\ncommand=test\n", .only = "it/2",
    .output = "TAP version 14\n1..2\nnot ok 1 - a {\n    1..1\n    not ok 1 - x\n}\n"
              "ok 2 - b {\n    1..1\n    ok 1 - y\n}\n",
    .n_children = 2, .children = "1 skip, 2 pass, 2.1 pass" },
  { "only-no-tap", .item = "Check=host.answers\n", .only = "it/2", .detail = "driver: Fake" },
  /* host.* */
  { "host-answers", .item = "Check=host.answers\n", .detail = "driver: Fake" },
  { "host-guests", .item = "Check=host.guests\n", .detail = "offered: qemu" },
  { "host-guests-none", .item = "Check=host.guests\nhypervisor=xen\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "no guests of type xen (it has: qemu)", .detail = "mend: " },
  { "host-space", .item = "Check=host.space\nfolder=.\nleast=1\n", .detail = "free: " },
  { "host-space-none", .item = "Check=host.space\nleast=2147483647\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "wanted: 2.0 PiB", .detail = "mend: remove" },
  { "host-memory", .item = "Check=host.memory\nleast=1\n", .detail = "free: " },
  { "host-memory-none", .item = "Check=host.memory\nleast=2147483647\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "wanted: 2.0 PiB", .detail = "mend: end other" },
  { "host-image-none", .item = "Check=host.image\nimage=nobody\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "No nobody image was found in ",
    .detail = "mend: put nobody.image into the images folder" },
  { "host-image-no-path", .item = "Check=host.image\nimage=/nowhere/a.image\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "/nowhere/a.image", .no_detail = "mend: " },
  { "host-image-no-file", .item = "Check=host.image\nimage=a.image\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "a.image", .no_detail = "mend: " },
};

static gboolean has_restarted;   /* cvmfs; in the job's thread */

/* What its shell says of cvmfs; -1: it is of something else */
static int
cvmfs_exec (const char *command,
            GString    *out)
{
  if (g_str_has_prefix (command, "cd /cvmfs/"))
    {
      g_string_assign (out, current->mounted == NULL ? "/cvmfs/alice.cern.ch\n"
                            : *current->mounted != '\0' ? current->mounted : "can't cd\n");
      return current->mounted != NULL && *current->mounted == '\0';
    }

  if (strstr (command, "cvmfs2") != NULL)
    return current->has_no_cvmfs2;

  if (strstr (command, "cvmfs-talk") != NULL)
    {
      const char *other = has_restarted && current->cache_after != NULL ? current->cache_after : current->cache;

      g_string_assign (out, other != NULL ? other : "a catalogue\n");
      return other != NULL && *other != '\0';
    }

  if (strstr (command, "service cvmfs") == NULL)
    return -1;

  has_restarted = TRUE;
  g_string_assign (out, current->service_fails ? "unknown service" : "");

  return current->service_fails ? 5 : 0;
}

/* The guest's shell */
static int
guest_exec (const char *command,
            const char *input,
            GString    *out,
            GString    *err)
{
  if (strstr (command, "boot_id") != NULL)
    {
      g_string_printf (out, "00000000-%04d-4000-8000-000000000000\n",
                       g_atomic_int_get (&cvm_fake_world.n_boots));
      return 0;
    }

  if (cvmfs_exec (command, out) >= 0)
    return cvmfs_exec (command, out);

  if (g_str_has_prefix (command, "date") && current->clock_s == G_MAXINT)
    {
      g_string_assign (out, "soon");
      return 0;
    }

  if (g_str_has_prefix (command, "date"))
    g_string_printf (out, "%" G_GINT64_FORMAT "\n",
                     g_get_real_time () / G_USEC_PER_SEC + current->clock_s);
  else if (strstr (command, "pidof") != NULL)
    g_string_assign (out, current->daemon != NULL ? current->daemon : "");
  else if (g_str_has_prefix (command, "dmesg"))
    g_string_assign (out, current->dmesg != NULL ? current->dmesg : "");
  else if (strstr (command, "/var/log/messages") != NULL)
    g_string_assign (out, current->messages != NULL ? current->messages : "");
  else if (strstr (command, "/var/log/boot.log") != NULL)
    g_string_assign (out, current->boot_log != NULL ? current->boot_log : "");
  else if (strstr (command, "/var/log/cernvm-update.log") != NULL)
    g_string_assign (out, current->update_log != NULL ? current->update_log : "");
  else if (g_str_equal (command, "sh"))
    g_string_assign (out, input);
  else
    g_string_assign (out, current->output != NULL ? current->output : "");

  g_string_assign (err, current->errors != NULL ? current->errors : "");

  return g_str_has_prefix (command, "dmesg") ? current->dmesg == NULL : current->status;
}

static void
write_file (const char *dir,
            const char *name,
            const char *text,
            int         mode)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
write_user_masks (const Row *row)
{
  g_autofree char *masks = cvm_paths_config ("masks");

  g_assert_cmpint (g_mkdir_with_parents (masks, 0700), ==, 0);
  if (row->masks != NULL)
    write_file (masks, "test.mask", row->masks, 0644);
  if (row->common != NULL)
    write_file (masks, "common.mask", row->common, 0644);
}

static CvmPlan *
make_plan (const char *dir,
           const Row  *row)
{
  g_autofree char *suite_path = g_build_filename (dir, "test.suite", NULL);
  g_autofree char *image_path = g_build_filename (dir, "test.image", NULL);
  g_autofree char *text = g_strconcat (HEAD START "[Case it]\n", row->item, NULL);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_auto(GStrv) only = row->only != NULL ? g_strsplit (row->only, ";", -1) : NULL;
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmSuite) resolved = NULL;
  g_autoptr(CvmImage) image = NULL;
  g_autoptr(GError) error = NULL;

  write_file (dir, "base.raw", "the base", 0644);
  write_file (dir, "secret", "word\n", 0600);
  write_file (dir, "mask", row->mask != NULL ? row->mask : "", 0644);
  write_file (dir, "test.suite", text, 0644);
  write_file (dir, "test.image", row->image != NULL ? row->image : IMAGE, 0644);
  suite = cvm_suite_load (suite_path, cvm_checks_lookup, &error);
  g_assert_no_error (error);
  resolved = cvm_suite_resolve (suite, NULL, NULL, (const char *const *)only, &error);
  g_assert_no_error (error);
  image = cvm_image_load (image_path, &error);
  g_assert_no_error (error);
  cvm_plan_add_job (plan, image, "fake:///world", "qemu", resolved);

  return g_steal_pointer (&plan);
}

static void
assert_part (const char *text,
             const char *part)
{
  if (part != NULL && (text == NULL || strstr (text, part) == NULL))
    g_error ("“%s” is not in “%s”", part, text != NULL ? text : "(null)");
}

static void
tell_children (const CvmPoint *point,
               GString        *told)
{
  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    {
      const CvmPoint *child = point->children->pdata[i];

      g_string_append_printf (told, "%s%s %s", told->len > 0 ? ", " : "",
                              strchr (child->path, '.') + 1, cvm_outcome_name (child->outcome));
      tell_children (child, told);
    }
}

static void
assert_point (const CvmPoint *point,
              const Row      *row)
{
  g_autoptr(GString) details = g_string_new (NULL);
  g_autoptr(GString) children = g_string_new (NULL);

  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      g_string_append_printf (details, "%s: %s\n", detail->key, detail->value);
    }

  if (point->outcome != row->outcome)
    g_test_message ("reason: %s", point->reason);
  g_assert_cmpint (point->outcome, ==, row->outcome);
  assert_part (point->reason, row->reason);
  assert_part (details->str, row->detail);
  if (row->no_detail != NULL && strstr (details->str, row->no_detail) != NULL)
    g_error ("%s has a detail too many: %s", row->name, details->str);
  g_assert_cmpuint (point->children != NULL ? point->children->len : 0, ==, row->n_children);
  tell_children (point, children);
  if (row->children != NULL)
    g_assert_cmpstr (children->str, ==, row->children);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *dir = g_dir_make_tmp ("cvm-check-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (dir, "out", NULL);
  g_autoptr(CvmPlan) plan = make_plan (dir, row);
  g_autoptr(GError) error = NULL;
  CvmRun *run;

  cvm_test_home_clear ();
  write_user_masks (row);
  current = row;
  has_restarted = FALSE;
  cvm_fake_world = (CvmFakeWorld) {
    .dir = dir, .exec = guest_exec, .http_status = row->http, .http_body = row->body,
    .ssh_denies = row->denies, .reboot_is_ignored = row->ignores_reboot,
  };
  run = cvm_run_new (plan, cvm_fake_ports (), cvm_checks_find, out, &error);
  g_assert_no_error (error);
  cvm_run_start (run);
  while (!cvm_run_is_finished (run))
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (cvm_fake_world.is_cut, ==, FALSE);
  g_assert_cmpint (cvm_fake_world.n_cut_boots, ==, row->cut_boots);
  assert_point (cvm_result_job (cvm_run_get_result (run), 0)->points->pdata[1], row);
  g_assert_finalize_object (run);
  cvm_test_remove_tree (dir);
}

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/check/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }

  return cvm_test_home_run ();
}
