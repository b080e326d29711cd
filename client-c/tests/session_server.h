/* The server of a session. */
#ifndef SESSION_SERVER_H
#define SESSION_SERVER_H

#include "session.h"

void session_server_start(session_t *self);

/* Hears and answers all there is; true: something happened. */
bool session_server_turn(session_t *self);

/* Element `index` of the parameters of a round. */
float session_parameter(uint32_t round, uint32_t index);

#endif
