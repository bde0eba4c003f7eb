/* cvm-test-home.h: a home of the test's own
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * GLib's G_TEST_OPTION_ISOLATE_DIRS does this for each test, but leaks (2.74), and LeakSanitizer
 * is not to be told to look away. */
#pragma once

#include <glib.h>

/* Call first in main: HOME and the XDG folders are a new empty folder from now on */
void cvm_test_home_enter (void);

/* Empties it; between tests, and at the end of main */
void cvm_test_home_clear (void);
int  cvm_test_home_run   (void);   /* g_test_run (), and the folder is gone */

/* A file of the user's configuration, such as hosts.ini */
void cvm_test_home_write  (const char *name, const char *text);
void cvm_test_home_assert (const char *name, const char *text);

/* Removes PATH and all that is in it; follows no link */
void cvm_test_remove_tree (const char *path);
