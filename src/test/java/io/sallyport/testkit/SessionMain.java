package io.sallyport.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program that says of itself what the kernel knows: its pid, its session, the signals it
/// ignores, and its arguments.
public final class SessionMain {
    private SessionMain() {}

    public static void main(String[] words) throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        // proc(5): pid (comm) state ppid pgrp session ...
        String[] after = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        System.out.println("pid " + ProcessHandle.current().pid());
        System.out.println("session " + after[3]);
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                System.out.println("ignored " + line.substring(7).strip());
            }
        }
        System.out.println("words " + String.join("|", words));
        System.out.println("property " + System.getProperty("sallyport.test"));
        System.err.println("and this on the other stream");
    }
}
