package io.sallyport.config.aws;

import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.SharedSecret;
import java.util.List;

/// What one of AWS's files wants.
public record AwsReading(List<ConnectionSpec> connections, List<SharedSecret> secrets) {
    public static final AwsReading NOTHING = new AwsReading(List.of(), List.of());

    public AwsReading {
        connections = List.copyOf(connections);
        secrets = List.copyOf(secrets);
    }
}
