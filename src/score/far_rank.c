#include "score/far_rank.h"

uint64_t ef_far_rank(double far, uint64_t impostors)
{
    uint64_t low = 0, high = impostors;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if ((double)middle / (double)impostors <= far) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low + 1;
}
