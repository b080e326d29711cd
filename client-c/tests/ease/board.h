/* What the example in client.h takes for its board. */
#ifndef BOARD_H
#define BOARD_H

#include "speedwell/client.h"

extern const spw_transport_t board_transport;
extern const spw_trainer_t board_trainer;

bool board_on(void);
uint32_t board_now_ms(void);
void board_sleep(const spw_wish_t *wish);

/* The example itself. */
spw_status_t device_run(void);

#endif
