/* test-tap-spec.c: the rules of TAP 14 and KTAP, one by one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A row's name begins with the section of the specification that it is from:
 * https://testanything.org/tap-version-14-specification.html and the kernel's
 * Documentation/dev-tools/ktap.rst. What the row expects was written from the text, not from what
 * the program does. Where a specification leaves a choice the row says which was taken. */
#include "cvm-tap-tree.h"

#include <string.h>

#define T14  "TAP version 14\n"
#define KTAP "KTAP version 1\n"

/* Word, planned, run, passed, failed, to do, skipped; then what else there is to say. */
typedef struct
{
  const char *name, *input, *told;
} Case;

static const Case tap_14[] = {
  { "harness/crlf", "TAP version 14\r\n1..1\r\nok 1 - a\r\n", "pass 1 1 1 0 0 0: a" },
  { "harness/lone-cr-is-text", T14 "1..1\nok 1 - a\rb\n", "pass 1 1 1 0 0 0: a\rb" },   /* our choice */
  { "document/utf8", T14 "1..1\nok 1 - \xe2\x9c\x93\n", "pass 1 1 1 0 0 0: \xe2\x9c\x93" },

  { "version/14", T14 "1..1\nok\n", "pass 1 1 1 0 0 0: " },
  { "version/13-may-be-read", "TAP version 13\n1..1\nok\n", "pass 1 1 1 0 0 0: " },
  { "version/none-is-12", "1..1\nok\n", "pass 1 1 1 0 0 0: " },                          /* our choice */
  { "version/must-be-first", "1..1\n" T14 "ok\n", "fail 1 1 1 0 0 0 version=1: " },

  { "plan/first", T14 "1..2\nok\nok\n", "pass 2 2 2 0 0 0:  | " },
  { "plan/last", T14 "ok\nok\n1..2\n", "pass 2 2 2 0 0 0:  | " },
  { "plan/lacking-fails", T14 "ok 1\n", "fail - 1 1 0 0 0 no-plan=1: " },
  { "plan/once", T14 "1..1\n1..1\nok\n", "fail 1 1 1 0 0 0 plans=1: " },
  { "plan/not-in-the-middle", T14 "ok\n1..2\nok\n", "fail 2 2 2 0 0 0 plan-place=1:  | " },
  { "plan/reason", T14 "1..1 # one\nok\n", "pass 1 1 1 0 0 0: " },
  { "plan/zero-is-skipped", T14 "1..0\n", "notests 0 0 0 0 0 0 skip_all=(no reason given): " },
  { "plan/zero-with-comment", T14 "1..0 # WWW::Mechanize not installed\n",
    "notests 0 0 0 0 0 0 skip_all=WWW::Mechanize not installed: " },
  { "plan/zero-with-skip", T14 "1..0 # skip x\n", "notests 0 0 0 0 0 0 skip_all=x: " },
  { "plan/zero-with-points", T14 "1..0\nok\n", "fail 0 1 0 1 0 0 bad-plan=1 skip_all=(no reason given): " },
  { "plan/starts-with-one", T14 "5..8\nok 5\n", "fail - 1 1 0 0 0 no-plan=1: " },
  { "plan/escapes", T14 "1..0 # a \\# \\\\ b\n", "notests 0 0 0 0 0 0 skip_all=a # \\ b: " },

  { "status/ok", T14 "1..2\nok\nnot ok\n", "fail 2 2 1 1 0 0:  | " },
  { "status/case-sensitive", T14 "1..1\nOK 1\nNOT OK 1\nok 1\n", "pass 1 1 1 0 0 0: " },
  { "status/line-start", T14 "1..1\nx ok 1\nok 1\n", "pass 1 1 1 0 0 0: " },

  { "id/own-counter", T14 "1..3\nok\nok 2\nok\n", "pass 3 3 3 0 0 0:  |  | " },
  { "id/fewer-than-planned", T14 "1..6\nnot ok\nok\nnot ok\nok\nok\n",
    "fail 6 5 3 2 0 0 bad-plan=1:  |  |  |  | " },
  { "id/any-order", T14 "1..3\nok 2\nok 3\nok 1\n", "pass 3 3 3 0 0 0:  |  | " },
  { "id/any-order-plan-last", T14 "ok 2\nok 3\nok 1\n1..3\n", "pass 3 3 3 0 0 0:  |  | " },
  { "id/out-of-range", T14 "1..3\nok 2\nok 4\nok 1\n", "fail 3 3 3 0 0 0 sequence=1:  |  | " },
  { "id/out-of-range-plan-last", T14 "ok 2\nok 4\nok 1\n1..3\n", "fail 3 3 3 0 0 0 sequence=1:  |  | " },
  { "id/zero", T14 "1..1\nok 0\n", "fail 1 1 1 0 0 0 sequence=1: " },
  { "id/again-is-a-failure", T14 "1..2\nok 1\nok 1\n", "fail 2 2 2 0 0 0 sequence=1:  | " },   /* our choice */
  { "id/again-later", T14 "1..3\nok 3\nok 1\nok 3\n", "fail 3 3 3 0 0 0 sequence=1:  |  | " },
  { "id/absurd", T14 "1..1\nok 99999999999999999999\n", "fail 1 1 1 0 0 0 sequence=1: " },

  { "description/dash", T14 "1..2\nok 1 this is fine\nok 2 - this is fine\n",
    "pass 2 2 2 0 0 0: this is fine | this is fine" },
  { "description/ends-at-directive", T14 "1..1\nok 42 - a # b\n", "fail 1 1 1 0 0 0 sequence=1: a # b" },

  { "directive/any-case", T14 "1..3\nok # SKIP\nok # skip\nok # SkIp\n",
    "pass 3 3 3 0 0 3:  SKIP |  SKIP |  SKIP" },
  { "directive/unknown-is-description", T14 "1..1\nok 1 - a # FLAKY b\n", "pass 1 1 1 0 0 0: a # FLAKY b" },
  { "whitespace/skip", T14 "1..1\nok 1 - must be skipped test # SKIP\n",
    "pass 1 1 1 0 0 1: must be skipped test SKIP" },
  { "whitespace/escaped", T14 "1..1\nok 1 - must not be skipped test \\# SKIP\n",
    "pass 1 1 1 0 0 0: must not be skipped test # SKIP" },
  { "whitespace/none-before", T14 "1..1\nok 1 - may skip, but should warn# skip\n",             /* our choice */
    "pass 1 1 1 0 0 0: may skip, but should warn# skip" },
  { "whitespace/none-behind", T14 "1..1\nok 1 - may skip #skip\n", "pass 1 1 1 0 0 1: may skip SKIP" },
  { "whitespace/none", T14 "1..1\nok 1 - may skip#skip\n", "pass 1 1 1 0 0 0: may skip#skip" },   /* our choice */
  { "backwards/skipped", T14 "1..1\nok 1 - do it later # Skipped\n", "pass 1 1 1 0 0 1: do it later SKIP" },
  { "backwards/skipped-reason", T14 "1..1\nok 1 - works on windows # Skipped: only run on windows\n",
    "pass 1 1 1 0 0 1: works on windows SKIP (only run on windows)" },
  { "backwards/no-description", T14 "1..1\nok 1 # skip this test is skipped\n",
    "pass 1 1 1 0 0 1:  SKIP (this test is skipped)" },
  { "backwards/url", T14 "1..1\nok 1 not skipped: https://example.com/page.html#skip is a url\n",
    "pass 1 1 1 0 0 0: not skipped: https://example.com/page.html#skip is a url" },
  { "backwards/dash-hash", T14 "1..1\nok 1 - #SkIp case insensitive, so this is skipped\n",
    "pass 1 1 1 0 0 1:  SKIP (case insensitive, so this is skipped)" },

  { "todo/explained", T14 "1..1\nnot ok 1 # TODO bend space and time\n",
    "pass 1 1 1 0 1 0:  TODO (bend space and time)" },
  { "todo/failing-is-no-failure", T14 "1..1\nnot ok 1 - x # todo\n", "pass 1 1 1 0 1 0: x TODO" },
  { "todo/succeeding", T14 "1..1\nok 1 - x # TODO\n", "pass 1 1 1 0 1 0 todo_passed=1: x TODO" },
  { "skip/explained", T14 "1..1\nok 1 - mung the gums # SKIP leave gums unmunged for now\n",
    "pass 1 1 1 0 0 1: mung the gums SKIP (leave gums unmunged for now)" },
  { "skip/failing-is-no-failure", T14 "1..1\nnot ok 1 - x # SKIP\n", "pass 1 1 1 0 0 1: x SKIP" },

  { "yaml/block", T14 "1..1\nnot ok 1 - a\n  ---\n  b: 'ok 2'\n  ...\n", "fail 1 1 0 1 0 0: a yaml" },
  { "yaml/hides-tap", T14 "1..1\nok 1\n  ---\n  a: |\n    ok 2\n    1..5\n  ...\n", "pass 1 1 1 0 0 0:  yaml" },
  { "yaml/behind-comments", T14 "1..1\nok 1\n# c\n\n  # d\n  ---\n  a: 1\n  ...\n", "pass 1 1 1 0 0 0:  yaml" },
  { "yaml/not-behind-junk", T14 "1..1\nok 1\njunk\n  ---\n  a: 1\n  ...\n", "pass 1 1 1 0 0 0: " },
  { "yaml/not-behind-plan", T14 "ok 1\n1..1\n  ---\n  a: 1\n", "pass 1 1 1 0 0 0: " },
  { "yaml/no-end", T14 "1..1\nok 1\n  ---\n  a: 1\n", "fail 1 1 1 0 0 0 yaml=1:  yaml" },        /* our choice */

  { "comments/anywhere", "TAP version 14\n# a\n1..1\n  # b\n\t# c\nok 1\n#\n", "pass 1 1 1 0 0 0: " },
  { "comments/not-unknown", T14 "pragma +strict\n1..1\n\t# c\n   # d\nok 1\n", "pass 1 1 1 0 0 0: " },

  { "pragmas/strict", T14 "pragma +strict\n1..1\njunk\nok 1\n", "fail 1 1 1 0 0 0 unknown=1: " },
  { "pragmas/off", T14 "pragma +strict\npragma -strict\n1..1\njunk\nok 1\n", "pass 1 1 1 0 0 0: " },
  { "pragmas/unknown-key", T14 "pragma +strict\npragma +some-key_1\n1..1\nok 1\n", "pass 1 1 1 0 0 0: " },
  { "pragmas/nothing-else", T14 "pragma +strict\npragma -strict # c\n1..1\nok 1\n",
    "fail 1 1 1 0 0 0 unknown=1: " },

  { "blank/ignored", T14 "pragma +strict\n\n \t\n1..1\n\nok 1\n", "pass 1 1 1 0 0 0: " },
  { "blank/kept-in-yaml", T14 "1..1\nok 1\n  ---\n  a: >\n    b\n\n    c\n  ...\n", "pass 1 1 1 0 0 0:  yaml" },

  { "bail-out/reason", T14 "1..2\nok 1\nBail out! MySQL is not running.\n",
    "fail 2 1 1 0 0 0 bad-plan=1 bailout=MySQL is not running.: " },
  { "bail-out/any-case", T14 "1..1\nok 1\nbAiL OuT!\n", "fail 1 1 1 0 0 0 bailout=: " },
  { "bail-out/escapes", T14 "1..1\nok 1\nBail out! \\# and \\\\ are not supported\n",
    "fail 1 1 1 0 0 0 bailout=# and \\ are not supported: " },

  { "anything-else/ignored", T14 "1..1\nhello\nok 1\n}\n", "pass 1 1 1 0 0 0: " },

  { "escaping/1", T14 "1..1\nok 1 - hello # todo\n", "pass 1 1 1 0 1 0 todo_passed=1: hello TODO" },
  { "escaping/2", T14 "1..1\nok 1 - hello \\# todo\n", "pass 1 1 1 0 0 0: hello # todo" },
  { "escaping/3", T14 "1..1\nok 1 - hello # todo hash \\# character\n",
    "pass 1 1 1 0 1 0 todo_passed=1: hello TODO (hash # character)" },
  { "escaping/4", T14 "1..1\nok 1 - hello # todo hash # character\n",
    "pass 1 1 1 0 1 0 todo_passed=1: hello TODO (hash # character)" },
  { "escaping/5", T14 "1..1\nok 1 - hello \\\\# todo hash \\# character\n",
    "pass 1 1 1 0 1 0 todo_passed=1: hello \\ TODO (hash # character)" },
  { "escaping/6", T14 "1..1\nok 1 - hello \\\\# todo hash # character\n",
    "pass 1 1 1 0 1 0 todo_passed=1: hello \\ TODO (hash # character)" },
  { "escaping/7", T14 "1..1\nok 1 - hello # description # todo\n", "pass 1 1 1 0 0 0: hello # description # todo" },
  { "escaping/8", T14 "1..1\nok 1 - hello \\\\\\\\\\\\\\# todo\n", "pass 1 1 1 0 0 0: hello \\\\\\# todo" },
  { "escaping/other", T14 "1..1\nok 1 - a\\b\\n\n", "pass 1 1 1 0 0 0: a\\b\\n" },

  { "subtests/example-1", T14 "1..2\n\n# Subtest: foo.tap\n    1..2\n    ok 1\n    ok 2 - this passed\n"
    "ok 1 - foo.tap\n\n# Subtest: bar.tap\n    ok 1 - object should be a Bar\n    not ok 2 - no\n      ---\n"
    "      found: false\n      ...\n    ok 3 - bears # TODO\n    1..3\nnot ok 2 - bar.tap\n  ---\n  fail: 1\n  ...\n",
    "fail 2 2 1 1 0 0 sub=5/1: foo.tap | bar.tap yaml" },
  { "subtests/bare", T14 "    ok 1 - subtest test point\n    1..1\nok 1 - subtest passing\n1..1\n",
    "pass 1 1 1 0 0 0 sub=1/0: subtest passing" },
  { "subtests/bare-twice", T14 "        ok 1 - nested twice\n        1..1\n    ok 1 - nested parent\n    1..1\n"
    "ok 1 - double nest passing\n1..1\n", "pass 1 1 1 0 0 0 sub=2/0: double nest passing" },
  { "subtests/version-inside", T14 "1..1\n    TAP version 14\n    1..1\n    ok 1\nok 1\n",
    "pass 1 1 1 0 0 0 sub=1/0: " },
  { "subtests/pragma-inside", T14 "1..1\n    pragma +strict\n    1..1\n    ok 1\nok 1\n",
    "pass 1 1 1 0 0 0 sub=1/0: " },
  { "subtests/commented", T14 "ok 1 - in the parent\n# Subtest: nested\n    1..1\n    ok 1 - in the subtest\n"
    "ok 2 - nested\n# Subtest: empty\n    1..0\nok 3 - empty\n# Subtest\n    ok 1 - name is optional\n    1..1\n"
    "ok 4\n1..4\n", "pass 4 4 4 0 0 0 sub=2/0: in the parent | nested | empty | " },
  { "subtests/bail-out", T14 "1..1\n    1..1\n    Bail out! x\nok 1\n", "fail 1 1 1 0 0 0 subtest=1 bailout=x: " },
  { "subtests/pragma-ends", T14 "pragma -strict\n# Subtest: child test\n    1..1\n    pragma +strict\n    ok 1\n"
    "ok 1 - child test\n!!This is not valid TAP content!!\n1..1\n", "pass 1 1 1 0 0 0 sub=1/0: child test" },
  { "subtests/pragma-holds", T14 "# Subtest: child test\n    1..1\n    pragma +strict\n    junk\n    ok 1\n"
    "ok 1 - child test\n1..1\n", "fail 1 1 1 0 0 0 subtest=1 sub=1/0: child test" },
  { "rule-2/nested-yaml", T14 "1..1\n    1..1\n    ok 1\n      ---\n      a: 1\n      ...\nok 1\n",
    "pass 1 1 1 0 0 0 sub=1/0: " },
  { "rule-4/point-decides", T14 "1..1\n    1..1\n    ok 1\nnot ok 1\n", "fail 1 1 0 1 0 0 sub=1/0: " },
  { "rule-4/failed-inside", T14 "1..1\n    1..1\n    not ok 1\nok 1\n",                          /* our choice */
    "fail 1 1 1 0 0 0 subtest=1 sub=1/1: " },
  { "rule-4/todo", T14 "1..1\n    1..1\n    not ok 1\nnot ok 1 # TODO\n", "pass 1 1 1 0 1 0 sub=1/1:  TODO" },
  { "rule-4/skip-inside", T14 "1..1\n    1..1\n    not ok 1 # SKIP\nok 1\n", "pass 1 1 1 0 0 0 sub=1/0: " },
  { "rule-4/cut-short-inside", T14 "1..1\n    1..2\n    ok 1\nok 1\n", "fail 1 1 1 0 0 0 subtest=1 sub=1/0: " },
  { "rule-5/odd-indentation", T14 "1..1\n   ok 1\n     ok 2\n  ok 3\nok 1\n", "pass 1 1 1 0 0 0: " },
  { "rule-8/name-matches", T14 "1..1\n# Subtest: a\n    1..1\n    ok 1\nok 1 - a\n", "pass 1 1 1 0 0 0 sub=1/0: a" },
  { "rule-8/name-is-not-enforced", T14 "1..1\n# Subtest: a\n    1..1\n    ok 1\nok 1 - b\n",      /* our choice */
    "pass 1 1 1 0 0 0 sub=1/0: b" },
  { "rule-9/lines-between", T14 "1..1\n    1..1\n1..7\nTAP version 13\njunk\n    ok 1\nok 1\n",
    "pass 1 1 1 0 0 0 sub=1/0: " },
  { "rule-10/unterminated", T14 "1..1\nok 1\n    1..1\n    not ok 1\n", "pass 1 1 1 0 0 0 sub=1/1: " },
  { "rule-12/plan-between", T14 "    ok 1\n1..1\n    1..1\nok 1\n", "fail - 1 1 0 0 0 no-plan=1 sub=1/0: " },
  { "buffered", T14 "1..1\nok 1 - a {\n    1..1\n    ok 1 - b\n}\n", "pass 1 1 1 0 0 0 sub=1/0: a" },
  { "buffered-plan-last", T14 "ok 1 - a {\n    ok 1 - b\n    1..1\n}\n1..1\n", "pass 1 1 1 0 0 0 sub=1/0: a" },
};

static const Case ktap[] = {
  { "version/1", KTAP "1..1\nok 1 a\n", "pass 1 1 1 0 0 0: a" },
  { "version/tap-13", "TAP version 13\n1..1\nok 1 a\n", "pass 1 1 1 0 0 0: a" },
  { "version/tap-14", T14 "1..1\nok 1 a\n", "pass 1 1 1 0 0 0: a" },
  { "version/unknown", "KTAP version 2\n1..1\nok 1 a\n", "fail 1 1 1 0 0 0 version=1: a" },

  { "plan/number-of-tests", KTAP "1..2\nok 1 a\n", "fail 2 1 1 0 0 0 bad-plan=1: a" },
  { "plan/may-be-omitted", KTAP "ok 1 a\nok 2 b\n", "pass - 2 2 0 0 0: a | b" },
  { "plan/omitted-and-failed", KTAP "ok 1 a\nnot ok 2 b\n", "fail - 2 1 1 0 0: a | b" },
  { "plan/nothing-at-all", KTAP, "fail - 0 0 0 0 0 no-plan=1: " },                               /* our choice */

  { "result/ok", KTAP "1..1\nok 1 test_case_name\n", "pass 1 1 1 0 0 0: test_case_name" },
  { "result/not-ok", KTAP "1..1\nnot ok 1 test_case_name\n", "fail 1 1 0 1 0 0: test_case_name" },
  { "result/dash", KTAP "1..1\nok 1 - test\n", "pass 1 1 1 0 0 0: test" },
  { "result/no-description", KTAP "1..1\nok 1\n", "pass 1 1 1 0 0 0: " },
  { "result/numbers-increase", KTAP "1..2\nok 2 a\nok 1 b\n", "fail 2 2 2 0 0 0 sequence=2: a | b" },
  { "result/first-is-1", KTAP "1..1\nok 2 a\n", "fail 1 1 1 0 0 0 sequence=1: a" },

  { "directive/skip", KTAP "1..1\nok 1 test # SKIP necessary dependency unavailable\n",
    "pass 1 1 1 0 0 1: test SKIP (necessary dependency unavailable)" },
  { "directive/skip-not-ok", KTAP "1..1\nnot ok 1 test # SKIP x\n", "pass 1 1 1 0 0 1: test SKIP (x)" },
  { "directive/todo", KTAP "1..1\nnot ok 1 test # TODO x\n", "pass 1 1 1 0 1 0: test TODO (x)" },
  { "directive/xfail", KTAP "1..1\nnot ok 1 test # XFAIL x\n", "pass 1 1 1 0 1 0: test TODO (x)" },
  { "directive/timeout", KTAP "1..1\nnot ok 1 test # TIMEOUT 30 seconds\n",
    "fail 1 1 0 1 0 0: test (TIMEOUT 30 seconds)" },
  { "directive/error", KTAP "1..1\nnot ok 1 test # ERROR no memory\n", "fail 1 1 0 1 0 0: test (ERROR no memory)" },
  { "directive/unknown-falls-back", KTAP "1..2\nok 1 a # FLAKY x\nnot ok 2 b # FLAKY\n",
    "fail 2 2 1 1 0 0: a (FLAKY x) | b (FLAKY)" },
  { "directive/diagnostic-data", KTAP "1..1\nok 1 check return code # rcode=0\n",
    "pass 1 1 1 0 0 0: check return code (rcode=0)" },

  { "diagnostic/anywhere", "# before\n" KTAP "# a\n1..1\n# b\nok 1 x\n# c\n", "pass 1 1 1 0 0 0: x" },
  { "unknown/allowed", KTAP "1..1\n[    1.2] random: crng init done\nok 1 x\n", "pass 1 1 1 0 0 0: x" },
  { "unknown/no-influence", KTAP "pragma +strict\n1..1\njunk\nok 1 x\n", "pass 1 1 1 0 0 0: x" },
  { "unknown/yaml-left-open", KTAP "1..1\nok 1 x\n  ---\n  a: 1\n", "pass 1 1 1 0 0 0: x yaml" },
  { "unknown/indented-or-not", KTAP "1..1\n  " KTAP "  1..2\n  ok 1 a\njunk\n   junk\n  ok 2 b\nok 1 x\n",
    "pass 1 1 1 0 0 0 sub=2/0: x" },

  { "nested/example-two", KTAP "1..1\n  " KTAP "  1..2\n  ok 1 test_1\n  not ok 2 test_2\n# example failed\n"
    "not ok 1 example\n", "fail 1 1 0 1 0 0 sub=2/1: example" },
  { "nested/example-levels", KTAP "1..2\n  " KTAP "  1..2\n    " KTAP "    1..2\n    not ok 1 test_1\n"
    "    ok 2 test_2\n  not ok 1 test_3\n  ok 2 test_4 # SKIP\nnot ok 1 example_test_1\nok 2 example_test_2\n",
    "fail 2 2 1 1 0 0 sub=4/2: example_test_1 | example_test_2" },
  { "nested/failure-bubbles-up", KTAP "1..1\n  " KTAP "  1..1\n  not ok 1 a\nok 1 x\n",
    "fail 1 1 1 0 0 0 subtest=1 sub=1/1: x" },
  { "nested/skip-does-not", KTAP "1..1\n  " KTAP "  1..1\n  not ok 1 a # SKIP\nok 1 x\n", "pass 1 1 1 0 0 0 sub=1/0: x" },
  { "nested/no-plan", KTAP "1..1\n  " KTAP "  ok 1 a\nok 1 x\n", "pass 1 1 1 0 0 0 sub=1/0: x" },
  { "nested/four-spaces", KTAP "1..1\n    # Subtest: s\n    1..1\n    ok 1 a\nok 1 s\n", "pass 1 1 1 0 0 0 sub=1/0: s" },
  { "example/output", KTAP "1..1\n  " KTAP "  1..3\n    " KTAP "    1..1\n    # test_1: initializing test_1\n"
    "    ok 1 test_1\n  ok 1 example_test_1\n    " KTAP "    1..2\n    ok 1 test_1 # SKIP test_1 skipped\n"
    "    ok 2 test_2\n  ok 2 example_test_2\n    " KTAP "    1..3\n    ok 1 test_1\n    # test_2: FAIL\n"
    "    not ok 2 test_2\n    ok 3 test_3 # SKIP test_3 skipped\n  not ok 3 example_test_3\nnot ok 1 main_test\n",
    "fail 1 1 0 1 0 0 sub=9/2: main_test" },
};

static void
tell_numbers (const CvmTapNumbers *n,
              GString             *told)
{
  g_string_append (told, cvm_tap_word_to_string (n->word));
  if (n->has_plan)
    g_string_append_printf (told, " %" G_GUINT64_FORMAT, n->planned);
  else
    g_string_append (told, " -");
  g_string_append_printf (told, " %u %u %u %u %u", (guint)n->run, (guint)n->passed, (guint)n->failed,
                          (guint)n->todo, (guint)n->skipped);
  if (n->todo_passed > 0)
    g_string_append_printf (told, " todo_passed=%u", (guint)n->todo_passed);
  for (gsize i = 0; i < CVM_TAP_N_ERRORS; i++)
    {
      if (n->errors[i] > 0)
        g_string_append_printf (told, " %s=%u", cvm_tap_error_to_string (i), (guint)n->errors[i]);
    }

  if (n->subtest_run > 0)
    g_string_append_printf (told, " sub=%u/%u", (guint)n->subtest_run, (guint)n->subtest_failed);
  if (n->skip_all != NULL)
    g_string_append_printf (told, " skip_all=%s", n->skip_all);
  if (n->bailout != NULL)
    g_string_append_printf (told, " bailout=%s", n->bailout);
}

static void
tell_point (const CvmTapTree *tree,
            CvmTapNode        node,
            GString          *told)
{
  static const char * const directives[] = { "", " SKIP", " TODO" };
  CvmTapLine line = cvm_tap_node_line (tree, node);
  g_autofree char *text = cvm_tap_text_dup (line.text, line.text_len);
  g_autofree char *reason = cvm_tap_text_dup (line.reason, line.reason_len);

  g_string_append_printf (told, "%s%s", text, directives[line.directive]);
  if (*reason != '\0')
    g_string_append_printf (told, " (%s)", reason);
}

/* The outermost points in order. */
static void
tell_points (const CvmTapTree *tree,
             GString          *told)
{
  const char *between = ": ";

  for (CvmTapNode node = cvm_tap_tree_first (tree); node != CVM_TAP_NODE_NONE; node = cvm_tap_tree_next (tree, node))
    {
      if (cvm_tap_node_kind (tree, node) == CVM_TAP_EVENT_DIAGNOSTICS)
        g_string_append (told, " yaml");
      if (cvm_tap_node_kind (tree, node) != CVM_TAP_EVENT_POINT)
        continue;

      g_string_append (told, between);
      tell_point (tree, node, told);
      between = " | ";
    }

  if (*between == ':')
    g_string_append (told, between);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr(CvmTapTree) tree = cvm_tap_tree_new (G_MAXSIZE);
  g_autoptr(GString) told = g_string_new (NULL);

  cvm_tap_tree_feed (tree, c->input, strlen (c->input));
  cvm_tap_tree_end (tree);
  tell_numbers (cvm_tap_tree_get_numbers (tree), told);
  tell_points (tree, told);
  g_assert_cmpstr (told->str, ==, c->told);
}

static void
add_cases (const char *specification,
           const Case *cases,
           gsize       n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/tap/spec/%s/%s", specification, cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("tap-14", tap_14, G_N_ELEMENTS (tap_14));
  add_cases ("ktap", ktap, G_N_ELEMENTS (ktap));

  return g_test_run ();
}
