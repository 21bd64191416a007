#!/usr/bin/perl
# Print the folding table of libavdevice/magnifier/casefold.c from Unicode's own file.
#
# usage: perl tests/unit/casefold.pl [CaseFolding.txt]
#
# The file is that of the Unicode Character Database, as Debian's package
# unicode-data installs it. Simple folding is the statuses C and S in it: one
# code point to one, so a text never changes its length. Code points that fold
# by the same distance are joined in runs, each or every second one of a span.
# The last line is the checksum that tests/unit/test_casefold.c pins.
use strict;
use warnings;
use integer;

my $path = shift // '/usr/share/unicode/CaseFolding.txt';
my ($version, %delta, @run);

open my $in, '<', $path or die "$path: $!\n";
while (<$in>) {
    $version = $1 if /^# CaseFolding-([0-9.]+)\.txt/;
    $delta{hex $1} = hex($2) - hex($1) if /^([0-9A-F]+); [CS]; ([0-9A-F]+);/;
}
close $in;
die "$path: not a CaseFolding.txt\n" unless $version && %delta;

sub run_end {
    my ($first, $step) = @_;
    my $last = $first;
    $last += $step while exists $delta{$last + $step} && $last + $step - $first < 256 &&
                         $delta{$last + $step} == $delta{$first};
    return $last;
}

my %done;
for my $first (sort { $a <=> $b } keys %delta) {
    next if $done{$first};
    my $step = 1;
    my $last = run_end($first, 1);
    $last = run_end($first, $step = 2) if $last == $first;
    $step = 1 if $last == $first;
    for (my $c = $first; $c <= $last; $c += $step) {
        $done{$c} = 1;
    }
    push @run, sprintf '{ 0x%04X, %d, %d, %d },', $first, $last - $first, $step, $delta{$first};
}

# FNV-1a, 32 bits, over each folding code point and what it folds to.
my $sum = 0x811c9dc5;
for my $c (sort { $a <=> $b } keys %delta) {
    for my $v ($c, $c + $delta{$c}) {
        $sum = (($sum ^ ($v >> $_ & 0xff)) * 0x01000193) & 0xffffffff for 0, 8, 16;
    }
}

print "/* Unicode $version, ", scalar(keys %delta), " code points in ", scalar(@run), " runs */\n";
while (my @row = splice @run, 0, 3) {
    print '    ', join(' ', map { sprintf '%-26s', $_ } @row) =~ s/ +$//r, "\n";
}
printf "/* checksum 0x%08x */\n", $sum;
