/* The server of a session. */
#ifndef SESSION_SERVER_H
#define SESSION_SERVER_H

#include "session.h"

void session_server_start(session_t *self);

/* Hears and answers all there is; true: something happened. */
bool session_server_turn(session_t *self);

#endif
