package io.speedwell.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where an option that was not given on the command line comes from: {@code SPEEDWELL_LISTEN} of
 * the environment for {@code --listen}, then {@code listen} of the properties file. Immutable.
 */
final class Defaults implements IDefaultValueProvider {
  static final String CONFIG_OPTION = "--config";
  private static final String PREFIX = "SPEEDWELL_";
  private static final Path DEFAULT_FILE = Path.of("speedwell.properties");

  private final Map<String, String> environment;
  private final Properties file;

  private Defaults(Map<String, String> environment, Properties file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * Reads the properties file, if there is one: that of {@code --config}, else of {@code
   * SPEEDWELL_CONFIG}, else speedwell.properties in the current folder. A key that is no option of
   * any command is an error.
   */
  static Defaults read(CommandLine root, String[] args, Map<String, String> environment) {
    String named = configArgument(args);
    if (named == null) {
      named = environment.get(PREFIX + "CONFIG");
    }
    Path path = named == null ? DEFAULT_FILE : Path.of(named);
    Properties properties = new Properties();
    if (named != null || Files.exists(path)) {
      try (var reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new UserError(
            ExitCodes.USAGE, path + ": cannot be read (" + Problems.describe(e) + ")", e);
      }
      rejectUnknownKeys(path, properties, root);
    }
    return new Defaults(Map.copyOf(environment), properties);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String key = key(option);
    String value = environment.get(PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT));
    return value != null ? value : file.getProperty(key);
  }

  private static String configArgument(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(CONFIG_OPTION + "=")) {
        return args[i].substring(CONFIG_OPTION.length() + 1);
      }
      if (args[i].equals(CONFIG_OPTION) && i + 1 < args.length) {
        return args[i + 1];
      }
    }
    return null;
  }

  private static void rejectUnknownKeys(Path path, Properties properties, CommandLine root) {
    Set<String> known = new TreeSet<>();
    collectKeys(root, known);
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (!known.contains(key)) {
        throw new UserError(
            ExitCodes.USAGE,
            path + ": unknown key '" + key + "'; known are " + String.join(", ", known));
      }
    }
  }

  private static void collectKeys(CommandLine command, Set<String> keys) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        keys.add(key(option));
      }
    }
    command.getSubcommands().values().forEach(sub -> collectKeys(sub, keys));
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
