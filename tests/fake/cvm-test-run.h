/* cvm-test-run.h: runs of small suites on fake ports, for the tests of the engine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A fixture: a folder, an empty home, a fake world that obeys, and the run. Its end asserts that
 * no guest is left on and that nobody holds the run. */
#pragma once

#include "cvm-run.h"

#define HEAD  "[Suite]\nName=Test\nVersion=1\n"
#define START "[Precondition start]\nCheck=fake.start\n"
#define PASS  "[Case pass]\nCheck=fake.pass\n"

typedef struct CvmTestRun
{
  char    *dir;
  CvmRun  *run;
  guint    cancel_after;   /* records of type case.begin before the run is cancelled; 0: never */
  guint    begun;
  void   (*on_record) (struct CvmTestRun *f, const CvmRecord *record);   /* NULL; on the main context,
                                                      with a NULL record before the run starts */
  CvmCheckFind   find;     /* NULL: the fake checks */
  CvmCheckLookup lookup;   /* of the same checks */
} CvmTestRun;

void
cvm_test_run_set_up (CvmTestRun    *f,
                     gconstpointer  data);

void
cvm_test_run_tear_down (CvmTestRun    *f,
                        gconstpointer  data);

CvmSuite *
cvm_test_run_new_suite (CvmTestRun *f,
                        const char *text);

CvmImage *
cvm_test_run_new_image (CvmTestRun *f);

CvmImage *
cvm_test_run_new_kernel_image (CvmTestRun *f);

/* Makes the run in DIR/out and waits for its end */
void
cvm_test_run_plan (CvmTestRun *f,
                   CvmPlan    *plan);

/* Takes the run away, so that the next one can be made */
void
cvm_test_run_again (CvmTestRun *f);

/* One job of the suite TEXT on a disk image; the result is the run's */
const CvmJobResult *
cvm_test_run_suite_on (CvmTestRun *f,
                       const char *text,
                       const char *hypervisor);

const CvmJobResult *
cvm_test_run_suite (CvmTestRun *f,
                    const char *text);

const CvmPoint *
cvm_test_run_point (const CvmJobResult *job,
                    guint               number);

GPtrArray *
cvm_test_run_journal (CvmTestRun *f);

/* "act domain", "acted domain ok"…, a line each, in the order of the journal */
char *
cvm_test_run_acts (CvmTestRun *f);

/* The last of that name, or NULL */
const char *
cvm_test_run_fact (const CvmJobResult *job,
                   const char         *key);
