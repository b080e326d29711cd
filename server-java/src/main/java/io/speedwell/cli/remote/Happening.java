package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event of the server.
 *
 * @param type such as {@code round-committed}
 * @param data what it says
 */
record Happening(String type, JsonNode data) {
  String run() {
    return data.path("run").asText("");
  }

  int round() {
    return data.path("round").asInt();
  }
}
