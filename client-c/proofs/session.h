/* The sizes of the buffers of the session's proof: small ones, since their places are looked at one by one. */
#ifndef PROOFS_SESSION_H
#define PROOFS_SESSION_H

enum { RECEIVE_SIZE = 257, SEND_SIZE = 258, CONFIG_SIZE = 9, METRICS_SIZE = 11 };

#endif
