package io.speedwell.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Who holds which rows. One row in five is held out; the rest goes to the devices, class by class,
 * in shares drawn from a Dirichlet distribution, so that devices are unequal in size and skewed in
 * what they have seen. A function of rows, number of devices and seed alone: {@link Random} is
 * specified to the bit. Immutable.
 *
 * @param devices each device's rows
 * @param heldOut rows no device trains on
 */
record Shards(List<List<Digits.Row>> devices, List<Digits.Row> heldOut) {
  private static final double HELD_OUT_SHARE = 0.2;

  /** No device is left with fewer; the largest shard gives what is missing. */
  static final int LEAST_ROWS = 10;

  static Shards split(List<Digits.Row> rows, int devices, long seed) {
    Random random = new Random(seed);
    List<Digits.Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    int heldOut = (int) Math.round(rows.size() * HELD_OUT_SHARE);
    List<List<Digits.Row>> shards = new ArrayList<>();
    for (int i = 0; i < devices; i++) {
      shards.add(new ArrayList<>());
    }
    List<Digits.Row> rest = shuffled.subList(heldOut, shuffled.size());
    for (int label = 0; label < Digits.CLASSES; label++) {
      shareOut(ofClass(rest, label), shards, random);
    }
    topUp(shards);
    return new Shards(
        shards.stream().map(List::copyOf).toList(), List.copyOf(shuffled.subList(0, heldOut)));
  }

  /** Writes {@code device-01.csv}, ... into the folder and returns their paths in order. */
  List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      paths.add(writeRows(folder.resolve("device-%02d.csv".formatted(i + 1)), devices.get(i)));
    }
    return paths;
  }

  static Path writeRows(Path file, List<Digits.Row> rows) throws IOException {
    return Files.write(
        file, rows.stream().map(Digits.Row::line).toList(), StandardCharsets.US_ASCII);
  }

  private static List<Digits.Row> ofClass(List<Digits.Row> rows, int label) {
    return rows.stream().filter(row -> row.label() == label).toList();
  }

  private static void shareOut(
      List<Digits.Row> rows, List<List<Digits.Row>> shards, Random random) {
    double[] share = new double[shards.size()];
    double sum = 0;
    for (int i = 0; i < share.length; i++) {
      // Dirichlet(1/2): Gamma(1/2) variates, divided by their sum; Gamma(1/2) is half a squared
      // normal
      double normal = random.nextGaussian();
      share[i] = normal * normal / 2;
      sum += share[i];
    }
    double upTo = 0;
    int from = 0;
    for (int i = 0; i < share.length; i++) {
      upTo += share[i];
      int to = i == share.length - 1 ? rows.size() : (int) Math.round(upTo / sum * rows.size());
      shards.get(i).addAll(rows.subList(from, to));
      from = to;
    }
  }

  private static void topUp(List<List<Digits.Row>> shards) {
    for (List<Digits.Row> shard : shards) {
      while (shard.size() < LEAST_ROWS) {
        List<Digits.Row> largest =
            Collections.max(shards, (a, b) -> Integer.compare(a.size(), b.size()));
        shard.add(largest.remove(largest.size() - 1));
      }
    }
  }
}
