// The gradient of a convolution's kernels in bfloat16, for processors that multiply bfloat16 (AVX512-BF16).
#pragma once

#include <cstdint>

namespace anneal {

// A convolution over images that lie pixel by pixel. Channels and outputs are those of all groups together.
struct Convolution {
    int64_t images, channels, height, width;
    int64_t outputs, result_height, result_width;
    int64_t kernel_height, kernel_width;
    int64_t stride_height, stride_width, padding_height, padding_width, dilation_height, dilation_width;
    int64_t groups;

    int64_t channels_per_group() const { return channels / groups; }
    int64_t outputs_per_group() const { return outputs / groups; }
};

// Whether this build and this processor can.
bool multiplies_bfloat16();

// `gradient` of the result and `images` are bfloat16, channels-last; `found` is [outputs][kernel height][kernel width][channels
// per group]. The work is divided by the shape alone and added up in a fixed order: the same bits for any number of threads.
void weight_gradient(const Convolution& shape, const uint16_t* images, const uint16_t* gradient, float* found);

}  // namespace anneal
