/* The model of a session: whole numbers, so that what training adds can be told exactly. */
#ifndef SESSION_MODEL_H
#define SESSION_MODEL_H

#include "session.h"

/* Element `index` of the parameters of a round. */
float session_parameter(uint32_t round, uint32_t index);

/* Those of the task at hand, into device->parameters. */
void session_make_parameters(session_t *self);

/* Asserts that the update received is the round's parameters and some steps of training, the same number everywhere. */
void session_check_update(const session_t *self);

#endif
