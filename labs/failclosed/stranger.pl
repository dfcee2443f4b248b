#!/usr/bin/perl
# stranger.pl PATTERN FROM>TO...: sends UDP packets that bear PATTERN (hex) from addresses that are not ours, a hundred a second of each pair, until it is ended.
use strict;
use warnings;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 AF_INET6);
use constant RAW => 255; # IPPROTO_RAW: the header is ours, of IPv6 too
my $data = pack('H*', shift) x 2;
my (@packets, %socket);
socket $socket{4}, AF_INET, SOCK_RAW, RAW or die "no raw socket: $!";
socket $socket{6}, AF_INET6, SOCK_RAW, RAW or die "no raw socket: $!";
for (@ARGV) {
    my ($from, $to) = split />/;
    my $udp = pack 'n4', 7777, 7777, 8 + length $data, 0;
    if ($to =~ /:/) {
        my ($s, $d) = map { inet_pton(AF_INET6, $_) } $from, $to;
        push @packets, [6, pack('NnCC', 0x60000000, 8 + length $data, 17, 64) . $s . $d . $udp . $data, pack_sockaddr_in6(0, $d)];
    } else {
        push @packets, [4, pack('CCnnnCCn', 0x45, 0, 28 + length $data, 0, 0, 64, 17, 0) . inet_aton($from) . inet_aton($to) . $udp . $data, pack_sockaddr_in(0, inet_aton($to))];
    }
}
while (1) {
    send $socket{ $_->[0] }, $_->[1], 0, $_->[2] for @packets; # what has no way yet is tried again
    select undef, undef, undef, 0.01;
}
