# sections-oracle.pl: how a Tapper server cuts and counts reports
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# stdin: streams, each behind its length and a newline; stdout: a line a stream, as
# test-tap-sections tells it. The tokens and numbers are TAP::Parser's, the rules those of
# Tapper::TAP::Harness 5, written down once more.
use strict;
use warnings;
use TAP::Parser;
use TAP::Parser::Iterator::Array;

my $PROVE    = qr/^([-_\d\w\/.]*\w)\s?\.{2,}\s*$/;
my $HEADER   = qr/^#\s*(?:Tapper|Artemis|Test)-([-\w]+):(.+)$/i;
my $EXPLICIT = qr/^#\s*(?:Tapper|Artemis|Test)-explicit-section-start:/i;

sub parser {
  my ($tap) = @_;
  my @lines = split /\n/, $tap, -1;
  pop @lines if @lines && $lines[-1] eq '';
  return TAP::Parser->new(
    { iterator => TAP::Parser::Iterator::Array->new(\@lines), version => 13 });
}

sub versioned {
  my ($tap) = @_;
  return $tap =~ /^TAP Version/mi ? $tap : "TAP Version 13\n$tap";
}

sub unique {
  my ($names, $name) = @_;
  my $number = 1;
  $name .= $number if $names->{$name} && $name !~ /\d$/;
  while ($names->{$name}) {
    $number++;
    $name =~ s/\d+$/$number/;
  }
  $names->{$name} = 1;
  return $name;
}

# Key and trimmed value of a header that says something.
sub header {
  my ($line) = @_;
  return unless $line->is_comment && $line->raw =~ $HEADER;
  my ($key, $value) = (lc $1, $2);
  $value =~ s/^\s+|\s+$//g;
  return length $value ? ($key, $value) : ();
}

sub note {
  my ($section, $all, $key, $value) = @_;
  for my $set ($section->{headers} //= {keys => []}, $all) {
    push @{$set->{keys}}, $key unless exists $set->{values}{$key};
    $set->{values}{$key} = $value;
  }
}

sub whole {
  my ($tap, $all) = @_;
  my (%section, %names);
  my $parser = parser($tap);
  while (my $line = $parser->next) {
    $section{raw} .= $line->raw . "\n" unless $line->is_unknown;
    my ($key, $value) = header($line) or next;
    $section{name} = unique(\%names, $value) if $key eq 'section';
    note(\%section, $all, $key, $value);
  }
  return \%section;
}

sub pieces {
  my ($tap, $all) = @_;
  my (@sections, %section, %names);
  my ($first, $explicit, $prove, $last) = (1, 0, 0, '');
  my $store = sub {
    $section{raw} =~ s/\nok$// if $prove && defined $section{raw};
    push @sections, {%section} if %section;
    %section = ();
  };

  my $parser = parser(versioned($tap));
  while (my $line = $parser->next) {
    my $raw = $line->raw;
    my $named = $line->is_unknown && $raw =~ $PROVE ? $1 : undef;
    my $starts = $raw =~ $EXPLICIT;
    $prove = 1 if defined $named;
    $explicit = 1 if $starts;

    my $cut = $starts ? $last ne 'version'
      : $explicit ? 0
      : $first ? 1
      : $prove ? defined $named && $last ne 'version' && $last ne 'plan'
      : $line->is_plan && $last ne 'version' || $line->is_version && $last ne 'plan';
    $store->() if $cut;

    $section{raw} .= "$raw\n" unless $line->is_unknown;
    if (my ($key, $value) = header($line)) {
      $section{name} ||= unique(\%names, $value) if $key eq 'section';
      note(\%section, $all, $key, $value);
    }
    if (defined $named) {
      my $name = unique(\%names, $named);
      $section{name} //= $name;
    }
    $first = 0;
    $last = $line->is_plan ? 'plan' : $line->is_version ? 'version' : '';
  }
  $store->();
  return @sections;
}

sub told {
  my ($set) = @_;
  return '{' . join(' ', map {"$_=$set->{values}{$_}"} @{$set->{keys} // []}) . '}';
}

sub counted {
  my ($section) = @_;
  my $parser = parser(versioned($section->{raw} // ''));
  $parser->run;
  my $planned = $parser->tests_planned;
  return join '/', defined $planned ? $planned + 0 : '-', $parser->tests_run,
    scalar(my @passed = $parser->passed), scalar(my @failed = $parser->failed);
}

sub report {
  my ($tap) = @_;
  my $all = {keys => []};
  my @plans = $tap =~ /^1\.\.\d+/mg;
  my @sections = @plans == 1 ? whole($tap, $all) : pieces($tap, $all);
  my $i = 0;
  for my $section (@sections) {
    $section->{name} //= sprintf 'section-%03d', $i;
    $section->{name} =~ s/\s/-/g;
    $i++;
  }
  return join(', ', map {"$_->{name} " . counted($_) . ' ' . told($_->{headers})} @sections)
    . ' | ' . told($all);
}

alarm 60;
binmode STDIN;
binmode STDOUT;
local $SIG{__WARN__} = sub {};
while (defined(my $len = <STDIN>)) {
  my $tap = '';
  read(STDIN, $tap, $len);
  print report($tap), "\n";
}
