package io.speedwell.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** The versions this program is made of. */
public final class Versions implements IVersionProvider {

  /** Name to version, in the order people ask for them. */
  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("speedwell", of(Versions.class));
    versions.put("java", Runtime.version().toString());
    versions.put("netty", of(io.netty.channel.Channel.class));
    versions.put("protobuf", protobuf());
    return versions;
  }

  @Override
  public String[] getVersion() {
    return all().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toArray(String[]::new);
  }

  private static String of(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static String protobuf() {
    return com.google.protobuf.RuntimeVersion.OSS_MAJOR
        + "."
        + com.google.protobuf.RuntimeVersion.OSS_MINOR
        + "."
        + com.google.protobuf.RuntimeVersion.OSS_PATCH;
  }
}
