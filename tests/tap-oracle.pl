# tap-oracle.pl: what Perl's TAP::Parser says of many streams
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# stdin: streams, each behind its length and a newline; stdout: a line of numbers for each.
use strict;
use warnings;
use TAP::Parser;
use TAP::Parser::Iterator::Array;

my %kinds = (
  qr/^(If TAP|Explicit TAP|TAP spec)/ => 'version',
  qr/^No plan found/            => 'no-plan',
  qr/^More than one plan/       => 'plans',
  qr/^Plan .* must be at/       => 'plan-place',
  qr/^Bad plan/                 => 'bad-plan',
  qr/^Tests out of sequence/    => 'sequence',
  qr/^Unknown TAP token/        => 'unknown',
);

sub kind {
  my ($message) = @_;
  for my $pattern (keys %kinds) {
    return $kinds{$pattern} if $message =~ $pattern;
  }
  return "other($message)";
}

sub count {
  return scalar @_;
}

sub told {
  my ($parser) = @_;
  my %errors;
  $errors{kind($_)}++ for $parser->parse_errors;
  my @failed = $parser->failed;
  my $skip_all = $parser->skip_all;
  my $planned = $parser->tests_planned;
  return join ' ', defined $planned ? $planned + 0 : '-', $parser->tests_run,
    count($parser->passed), count(@failed), count($parser->actual_passed),
    count($parser->actual_failed), count($parser->todo), count($parser->todo_passed),
    count($parser->skipped), $parser->is_good_plan ? 1 : 0,
    $skip_all ? "skip_all=$skip_all" : '-',
    join(',', map {"$_=$errors{$_}"} sort keys %errors) || '-', @failed ? join(',', map {$_ + 0} @failed) : '-';
}

alarm 60;   # it has streams on which it never ends
binmode STDIN;
binmode STDOUT;
local $SIG{__WARN__} = sub {};   # a plan that skips but has a number is warned about
while (defined(my $len = <STDIN>)) {
  my $tap;
  read(STDIN, $tap, $len);
  my @lines = split /\n/, $tap, -1;
  pop @lines if @lines && $lines[-1] eq '';
  my $parser = TAP::Parser->new({ iterator => TAP::Parser::Iterator::Array->new(\@lines) });
  $parser->run;
  print told($parser), "\n";
}
