package io.sallyport.config.aws;

import java.util.regex.Pattern;

/// AWS's resource identifiers (S3-01): 8 hexadecimal digits in old ones, 17 in new ones.
final class AwsIds {
    static final Pattern ANY = Pattern.compile("\\b(vpn|vgw|cgw|tgw)-([0-9A-Za-z]+)");
    private static final Pattern GOOD = Pattern.compile("[0-9a-f]{8}([0-9a-f]{9})?");

    private AwsIds() {}

    static boolean isGood(String digits) {
        return GOOD.matcher(digits).matches();
    }
}
