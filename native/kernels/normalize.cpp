// Bytes to normalized numbers in the type and memory order that the model wants, one pass over memory.
#include <torch/library.h>

#include <cstring>

#include "images.h"
#include "lanes.h"

namespace anneal {
namespace {

ANNEAL_CLONES void to_floats(const uint8_t* in, float* out, int64_t count, int64_t stride, float scale, float shift) {
    if (stride == 1) {
        for (int64_t i = 0; i < count; i++) out[i] = float(in[i]) * scale + shift;
    } else {
        for (int64_t i = 0; i < count; i++) out[i * stride] = float(in[i]) * scale + shift;
    }
}

// To the nearest bfloat16, halves to even: the upper half of a float. There is no NaN here.
ANNEAL_INLINE uint16_t rounded(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

ANNEAL_CLONES void to_bfloat16(const uint8_t* in, uint16_t* out, int64_t count, int64_t stride, float scale, float shift) {
    if (stride == 1) {
        for (int64_t i = 0; i < count; i++) out[i] = rounded(float(in[i]) * scale + shift);
    } else {
        for (int64_t i = 0; i < count; i++) out[i * stride] = rounded(float(in[i]) * scale + shift);
    }
}

at::Tensor normalize(
    const at::Tensor& images, at::ArrayRef<double> mean, at::ArrayRef<double> deviation, at::ScalarType type, at::MemoryFormat format) {
    at::NoGradGuard no_gradient;
    require_images(images);
    const int64_t channels = images.size(1);
    TORCH_CHECK(images.scalar_type() == at::kByte, "images must be UInt8 until they are normalized, but are ", images.scalar_type());
    TORCH_CHECK(
        int64_t(mean.size()) == channels && int64_t(deviation.size()) == channels,
        "there must be a mean and a deviation for each of ", channels, " channels, but there are ", mean.size(), " and ", deviation.size());
    TORCH_CHECK(type == at::kFloat || type == at::kBFloat16, "images are normalized to Float32 or BFloat16, not to ", type);
    std::vector<float> scale, shift;
    for (int64_t c = 0; c < channels; c++) {
        scale.push_back(float(1 / (255 * deviation[c])));
        shift.push_back(float(-mean[c] / deviation[c]));
    }
    if (!images.is_cpu()) {
        const auto like = images.options().dtype(at::kFloat);
        const auto scales = at::tensor(scale).to(like).view({1, -1, 1, 1});
        const auto shifts = at::tensor(shift).to(like).view({1, -1, 1, 1});
        return at::addcmul(shifts, images.to(at::kFloat), scales).to(type).contiguous(format);
    }
    const auto in = images.contiguous();
    auto out = at::empty(images.sizes(), images.options().dtype(type).memory_format(format));
    const int64_t pixels = images.size(2) * images.size(3);
    const bool interleaved = format == at::MemoryFormat::ChannelsLast;
    over_planes(in, [&](int64_t plane) {
        const int64_t channel = plane % channels;
        const int64_t start = interleaved ? (plane - channel) * pixels + channel : plane * pixels;
        const int64_t stride = interleaved ? channels : 1;
        const auto* from = static_cast<const uint8_t*>(in.data_ptr()) + plane * pixels;
        if (type == at::kFloat) {
            to_floats(from, static_cast<float*>(out.data_ptr()) + start, pixels, stride, scale[channel], shift[channel]);
        } else {
            to_bfloat16(from, static_cast<uint16_t*>(out.data_ptr()) + start, pixels, stride, scale[channel], shift[channel]);
        }
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // Mean and deviation are of values from 0 to 1, one of each for a channel.
    library.def(
        "normalize(Tensor images, float[] mean, float[] deviation, ScalarType dtype, MemoryFormat memory_format) -> Tensor", normalize);
}

}  // namespace anneal
