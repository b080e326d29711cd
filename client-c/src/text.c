#include "text.h"

uint32_t spw_text_length(const char *text, uint32_t limit) {
  uint32_t length = 0u;
  //@ loop unroll 66;
  while ((length <= limit) && (text[length] != '\0')) {
    ++length;
  }
  return length;
}
