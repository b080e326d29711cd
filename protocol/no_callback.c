/* nanopb's descriptors of messages with bytes name a callback. Speedwell's codec decodes such fields as views and never
 * calls it; a stock pb_decode or pb_encode that is handed these descriptors fails here instead of misreading a view. */
#include "speedwell.pb.h"

bool spw_no_callback(pb_istream_t *istream, pb_ostream_t *ostream, const pb_field_t *field) {
  (void)istream;
  (void)ostream;
  (void)field;
  return false;
}
