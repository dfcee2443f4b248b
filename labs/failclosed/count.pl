#!/usr/bin/perl
# count.pl PCAP PHASES OUTER LAN OURS STRANGERS NETS PEERS
#
# Counts what crossed, phase by phase, by kind. PCAP is one capture of all interfaces (LINUX_SLL2) over the whole life, so that there is no moment
# between two phases which nobody saw. PHASES has a line for each: time at which it begins, name, and whether the flows are to be in clear (no, yes, or any: told,
# not judged). OUTER and LAN are numbers of interfaces. OURS and STRANGERS are patterns (hex) in the packets of the flows, and of the stranger. A packet that leaves is in clear
# if it bears either, or is to or from one of NETS (prefixes of text, with commas), or of PEERS and neither IKE nor ESP.
#
# A line a phase: judgement, name, counts.
use strict;
use warnings;
use Socket qw(inet_ntop AF_INET AF_INET6);
my ($pcap, $phases, $outer, $lan, $ours, $strangers, $nets, $peers) = @ARGV;
$_ = pack 'H*', $_ for $ours, $strangers;
my @nets = split /,/, $nets;
my %peer = map { $_ => 1 } split /,/, $peers;
open my $p, '<', $phases or die "$phases: $!";
my @phase = map { chomp; my ($at, $name, $want) = split; { at => $at, name => $name, want => $want, n => {} } } <$p>;
open my $f, '<:raw', $pcap or die "$pcap: $!";
read $f, my $head, 24;
my $little = unpack('V', $head) == 0xa1b2c3d4;
die "a capture that is none" unless $little || unpack('N', $head) == 0xa1b2c3d4;
my $u32 = $little ? 'V' : 'N';
die "a capture that is not of all interfaces" unless unpack("x20 $u32", $head) == 276;
my ($i, $first_other) = (0, '');

sub kind { # IP packet, where its header ends, protocol
    my ($ip, $at, $protocol) = @_;
    return 'esp' if $protocol == 50;
    return '' unless $protocol == 17 && length $ip >= $at + 9;
    my ($from, $to) = unpack "x$at n2", $ip;
    return 'ike' if $from == 500 && $to == 500;
    return '' unless $from == 4500 || $to == 4500;
    return 'ike' if length $ip < $at + 12 || unpack('x' . ($at + 8) . ' N', $ip) == 0;
    return 'esp';
}

while (read($f, my $record, 16) == 16) {
    my ($s, $us, $captured) = unpack "${u32}3", $record;
    read $f, my($packet), $captured;
    my $time = $s + $us / 1e6;
    $i++ while $i < $#phase && $phase[ $i + 1 ]{at} <= $time;
    next if $time < $phase[0]{at};
    my $n = $phase[$i]{n};
    my ($protocol, $interface, $type) = unpack('n x2 N x2 C', $packet);
    next unless $interface == $outer || $interface == $lan;
    my $out = $type == 4;
    my $ip = substr $packet, 20;
    my $bears_ours = index($ip, $ours) >= 0;
    my $bears_theirs = index($ip, $strangers) >= 0;
    if ($interface == $lan) {
        $n->{asked}++ if !$out && $bears_ours;
        $n->{delivered}++ if $out && $bears_theirs;
        next;
    }
    my ($from, $to, $kind) = ('', '', '');
    if ($protocol == 0x0800) {
        my $at = (unpack('C', $ip) & 15) * 4;
        ($from, $to) = map { inet_ntop(AF_INET, substr $ip, $_, 4) } 12, 16;
        $kind = kind($ip, $at, unpack 'x9 C', $ip);
    } elsif ($protocol == 0x86dd) {
        ($from, $to) = map { inet_ntop(AF_INET6, substr $ip, $_, 16) } 8, 24;
        my $next = unpack('x6 C', $ip);
        my $icmp = $next == 58 ? unpack('x40 C', $ip) : 0;
        $kind = $next == 0 || $icmp >= 133 && $icmp <= 136 ? 'link' : kind($ip, 40, $next);
    } else {
        $kind = 'link'; # ARP
    }
    if (!$out) {
        $n->{$bears_theirs ? 'stranger' : $bears_ours ? 'in_clear' : 'in_' . ($kind || 'other')}++;
        next;
    }
    if ($bears_ours || $bears_theirs || $kind eq '' && ($peer{$to} || grep { index($to, $_) == 0 || index($from, $_) == 0 } @nets)) {
        $n->{clear}++;
        $n->{first} //= sprintf '%s to %s, %.6f', $from, $to, $time;
    } else {
        $n->{ $kind || 'other' }++;
    }
}
for (@phase) {
    my %n = (map({ $_ => 0 } qw(esp ike link clear other in_esp in_ike stranger in_clear in_other delivered asked)), %{ $_->{n} });
    my $want = $_->{want};
    next if $want eq 'skip';
    my $good =
        $want eq 'no' ? $n{clear} == 0 && $n{delivered} == 0 && $n{stranger} > 0 && $n{asked} > 0
      : $want eq 'yes' ? $n{clear} > 0 && $n{delivered} > 0
      : 1;
    printf "%s %s: %d asked to pass; out: %d CLEAR, %d esp, %d ike, %d other; in: %d esp, %d of strangers, %d of them DELIVERED%s\n",
        $good ? 'ok' : 'FAILED', $_->{name}, @n{qw(asked clear esp ike other in_esp stranger delivered)},
        $n{first} ? "; first: $n{first}" : '';
}
