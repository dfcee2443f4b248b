// What a kernel with CONFIG_INET_ESPINTCP does for pluto, which leaves the framing of RFC 9329 to it: one message a read, its length before each write. LD_PRELOAD in a guest whose kernel has
// none. ESP in the stream, which such a kernel would take out, is handed up like IKE.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define TCP 6
#define TCP_ULP 31
#define MOST 1024
static unsigned char framed[MOST];

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    REAL(setsockopt);
    if (level == TCP && option == TCP_ULP && fd < MOST) {
        framed[fd] = 1;
        return 0;
    }
    return real(fd, level, option, value, length);
}
int close(int fd) {
    REAL(close);
    if (fd >= 0 && fd < MOST) framed[fd] = 0;
    return real(fd);
}
static int all(int fd, unsigned char *to, size_t octets) {
    ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    while (octets > 0) {
        ssize_t n = real(fd, to, octets);
        if (n == 0) return 0;
        if (n < 0) {
            struct pollfd p = {fd, POLLIN, 0};
            if (errno != EAGAIN && errno != EINTR) return -1;
            poll(&p, 1, 1000);
            continue;
        }
        to += n;
        octets -= n;
    }
    return 1;
}
static ssize_t message(int fd, void *to, size_t room) {
    unsigned char length[2], rest[65536];
    struct pollfd p = {fd, POLLIN, 0};
    if (poll(&p, 1, 0) == 0) {
        errno = EAGAIN;
        return -1;
    }
    int r = all(fd, length, 2);
    if (r <= 0) return r;
    size_t octets = (length[0] << 8 | length[1]) - 2;
    r = all(fd, rest, octets);
    if (r <= 0) return r;
    memcpy(to, rest, octets < room ? octets : room);
    return octets < room ? octets : room;
}
ssize_t read(int fd, void *to, size_t room) {
    REAL(read);
    return fd >= 0 && fd < MOST && framed[fd] ? message(fd, to, room) : real(fd, to, room);
}
ssize_t recv(int fd, void *to, size_t room, int flags) {
    REAL(recv);
    return fd >= 0 && fd < MOST && framed[fd] ? message(fd, to, room) : real(fd, to, room, flags);
}
ssize_t __read_chk(int fd, void *to, size_t room, size_t size) { return read(fd, to, room < size ? room : size); }
ssize_t __recv_chk(int fd, void *to, size_t room, size_t size, int flags) { return recv(fd, to, room < size ? room : size, flags); }
static ssize_t put(int fd, const void *from, size_t octets) {
    ssize_t (*real)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    unsigned char length[2] = {(octets + 2) >> 8, octets + 2};
    struct iovec v[2] = {{length, 2}, {(void *)from, octets}};
    ssize_t n = real(fd, v, 2);
    return n < 2 ? n : n - 2;
}
ssize_t write(int fd, const void *from, size_t octets) {
    REAL(write);
    return fd >= 0 && fd < MOST && framed[fd] ? put(fd, from, octets) : real(fd, from, octets);
}
ssize_t send(int fd, const void *from, size_t octets, int flags) {
    REAL(send);
    return fd >= 0 && fd < MOST && framed[fd] ? put(fd, from, octets) : real(fd, from, octets, flags);
}
ssize_t sendto(int fd, const void *from, size_t octets, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(sendto);
    return fd >= 0 && fd < MOST && framed[fd] ? put(fd, from, octets) : real(fd, from, octets, flags, to, length);
}
