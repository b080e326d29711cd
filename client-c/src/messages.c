#include "messages.h"

#include <stddef.h>

#include "speedwell.pb.h"

/* MISRA deviation D.4: nanopb's lists are macros that hand each field to a macro of ours, which pastes its name. */
#define COUNT(message_, allocation_, rule_, type_, name_, number_) +1u
#define FITS(message_, allocation_, rule_, type_, name_, number_)               \
  &&((number_) < 64) && ((offsetof(speedwell_##message_, name_) % 4u) == 0u) && \
      (offsetof(speedwell_##message_, name_) < 256u)
#define FIELD(message_, allocation_, rule_, type_, name_, number_)                                   \
  , (spw_field_t)((uint32_t)(number_) | ((uint32_t)TYPE_##rule_##_##type_(message_, number_) << 6) | \
                  (((uint32_t)offsetof(speedwell_##message_, name_) / 4u) << 10))
#define MESSAGE(message_)                                                                                       \
  _Static_assert(true speedwell_##message_##_FIELDLIST(FITS, message_), "the fields fit into words");           \
  _Static_assert((0u speedwell_##message_##_FIELDLIST(COUNT, message_)) <= 32u, "a set of fields is one word"); \
  static const spw_field_t fields_of_##message_[] = {0u speedwell_##message_##_FIELDLIST(COUNT, message_)       \
                                                         speedwell_##message_##_FIELDLIST(FIELD, message_)}

/* MISRA deviation D.4: the type of a field, by nanopb's rule and type. */
#define TYPE_SINGULAR_UINT32(message_, number_) SPW_FIELD_U32
#define TYPE_SINGULAR_BOOL(message_, number_) SPW_FIELD_BOOL
#define TYPE_SINGULAR_FLOAT(message_, number_) SPW_FIELD_32
#define TYPE_SINGULAR_FIXED64(message_, number_) SPW_FIELD_64
#define TYPE_SINGULAR_BYTES(message_, number_) BYTES_OF_##message_
#define TYPE_REPEATED_UINT32(message_, number_) \
  (((number_) == speedwell_Result_blob_length_tag) ? SPW_FIELD_LIST_U32 : SPW_FIELD_LIST_U8)
#define TYPE_REPEATED_FIXED32(message_, number_) SPW_FIELD_LIST_32

#define BYTES_OF_Hello SPW_FIELD_BYTES_32  /* device_id, opcodes */
#define BYTES_OF_Refuse SPW_FIELD_BYTES_64 /* detail */
#define BYTES_OF_Bye SPW_FIELD_BYTES_64
#define BYTES_OF_Chunk SPW_FIELD_DATA

_Static_assert((speedwell_RunOffer_blob_length_tag == speedwell_Result_blob_length_tag) &&
                   (speedwell_Task_blob_length_tag == speedwell_Result_blob_length_tag),
               "the lists have the same numbers in every message");

MESSAGE(Hello);
MESSAGE(Welcome);
MESSAGE(RunOffer);
MESSAGE(RunReady);
MESSAGE(Task);
MESSAGE(Refuse);
MESSAGE(Grant);
MESSAGE(Chunk);
MESSAGE(Result);
MESSAGE(Cancel);
MESSAGE(WrapUp);
MESSAGE(Accepted);
MESSAGE(Committed);
MESSAGE(KeepAlive);
MESSAGE(Reject);
MESSAGE(Bye);

static const spw_field_t *const to_server[] = {fields_of_Hello,     fields_of_RunReady, fields_of_Refuse,
                                               fields_of_Grant,     fields_of_Chunk,    fields_of_Result,
                                               fields_of_KeepAlive, fields_of_Reject,   fields_of_Bye};

static const spw_field_t *const to_device[] = {
    fields_of_Welcome,   fields_of_RunOffer, fields_of_Task, fields_of_Grant,  fields_of_Chunk,    fields_of_WrapUp,
    fields_of_KeepAlive, fields_of_Reject,   fields_of_Bye,  fields_of_Cancel, fields_of_Accepted, fields_of_Committed};

const spw_outer_t spw_to_server = {to_server, (uint32_t)(sizeof(to_server) / sizeof(to_server[0])),
                                   (uint32_t)(sizeof(speedwell_ToServer) - offsetof(speedwell_ToServer, message))};
const spw_outer_t spw_to_device = {to_device, (uint32_t)(sizeof(to_device) / sizeof(to_device[0])),
                                   (uint32_t)(sizeof(speedwell_ToDevice) - offsetof(speedwell_ToDevice, message))};
