package io.speedwell.admin;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import java.util.Map;

/**
 * Something that happened, as subscribers hear it. Immutable.
 *
 * @param id ascending from 1 since the server was started
 * @param type such as {@code round-committed}
 * @param run the run it belongs to; empty: none
 * @param data what there is to say, as JSON
 */
record Event(long id, String type, String run, Map<String, Object> data) {
  ServerSentEvent sse() {
    return ServerSentEvent.builder()
        .id(Long.toString(id))
        .event(type)
        .data(Replies.text(data))
        .build();
  }
}
