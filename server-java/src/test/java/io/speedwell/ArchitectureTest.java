package io.speedwell;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.channels.NetworkChannel;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The floors of the house: lower ones never import higher ones; the lower five know no network,
 * SQL, clock or thread.
 */
@AnalyzeClasses(packages = "io.speedwell", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("io.speedwell.model.."),
          List.of("io.speedwell.aggregate..", "io.speedwell.privacy.."),
          List.of("io.speedwell.fleet..", "io.speedwell.round.."),
          List.of("io.speedwell.session.."),
          List.of("io.speedwell.run.."),
          List.of(
              "io.speedwell.gateway..",
              "io.speedwell.admin..",
              "io.speedwell.store..",
              "io.speedwell.simulate.."),
          List.of("io.speedwell.cli.."));
  private static final int PURE_FLOORS = 5;

  @ArchTest
  static void lowerFloorsNeverImportHigherOnes(JavaClasses classes) {
    for (int i = 0; i < FLOORS.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAnyPackage(rooms(i, i + 1))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(rooms(i + 1, FLOORS.size()))
          .as("floor " + i + " imports no higher floor")
          .allowEmptyShould(false)
          .check(classes);
    }
  }

  @ArchTest
  static void roomsOfOneFloorDoNotKnowEachOther(JavaClasses classes) {
    for (List<String> floor : FLOORS) {
      for (String room : floor) {
        String[] others = floor.stream().filter(r -> !r.equals(room)).toArray(String[]::new);
        if (others.length > 0) {
          noClasses()
              .that()
              .resideInAPackage(room)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others)
              .allowEmptyShould(true)
              .check(classes);
        }
      }
    }
  }

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching("io.speedwell.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PURE_FLOORS_KNOW_NO_NETWORK_AND_NO_SQL =
      noClasses()
          .that()
          .resideInAnyPackage(rooms(0, PURE_FLOORS))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..",
              "java.net..",
              "java.sql..",
              "javax.sql..",
              "org.jdbi..",
              "org.h2..",
              "org.flywaydb..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(NetworkChannel.class);

  @ArchTest
  static final ArchRule PURE_FLOORS_KNOW_NO_CLOCK_NO_THREAD_AND_NO_CHANCE =
      noClasses()
          .that()
          .resideInAnyPackage(rooms(0, PURE_FLOORS))
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              Executors.class,
              ScheduledExecutorService.class,
              ThreadLocalRandom.class,
              java.util.Timer.class,
              java.util.Random.class,
              java.security.SecureRandom.class,
              java.time.Clock.class,
              java.time.Instant.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule PROTOBUF_BEGINS_AT_SESSIONS =
      noClasses()
          .that()
          .resideInAnyPackage(rooms(0, 3))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.protobuf..");

  @ArchTest
  static final ArchRule PURE_STATE_MACHINES_DO_NOT_LOG =
      noClasses()
          .that()
          .resideInAnyPackage(rooms(0, 4))
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.logging.."));

  private static String[] rooms(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(FLOORS::get)
        .flatMap(List::stream)
        .toArray(String[]::new);
  }
}
