// One box in each image filled with a value.
#include <torch/library.h>

#include "images.h"

namespace anneal {
namespace {

at::Tensor erase(const at::Tensor& images, const at::Tensor& boxes, double value) {
    at::NoGradGuard no_gradient;
    require_images(images);
    TORCH_CHECK(
        boxes.is_cpu() && boxes.scalar_type() == at::kLong && boxes.is_contiguous() && boxes.dim() == 2
            && boxes.size(0) == images.size(0) && boxes.size(1) == 4,
        "boxes must be an Int64 tensor of shape [", images.size(0), ", 4] on the CPU, but are ", boxes.scalar_type(), " ", boxes.sizes());
    const auto* box = static_cast<const int64_t*>(boxes.data_ptr());
    const int64_t height = images.size(2), width = images.size(3);
    auto out = images.clone();
    if (images.is_cpu() && images.element_size() == 1 && out.is_contiguous()) {
        const auto filled = at::full({1}, value, images.options());
        const int byte = *static_cast<const unsigned char*>(filled.data_ptr());
        over_planes(out, [&](int64_t plane) {
            const int64_t* own = box + plane / images.size(1) * 4;
            const int64_t top = std::max(own[0], int64_t{0}), left = std::max(own[1], int64_t{0});
            const int64_t bottom = std::min(own[2], height), right = std::min(own[3], width);
            if (left >= right) return;
            for (int64_t y = top; y < bottom; y++) {
                std::memset(static_cast<char*>(out.data_ptr()) + (plane * height + y) * width + left, byte, right - left);
            }
        });
        return out;
    }
    const auto device = at::TensorOptions().device(images.device()).dtype(at::kLong);
    const auto edges = boxes.to(device);
    const auto edge = [&](int64_t which) { return edges.select(1, which).view({-1, 1, 1, 1}); };
    const auto rows = at::arange(height, device).view({1, 1, -1, 1});
    const auto columns = at::arange(width, device).view({1, 1, 1, -1});
    return out.masked_fill_((rows >= edge(0)) & (rows < edge(2)) & (columns >= edge(1)) & (columns < edge(3)), value);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // Boxes are [top, left, bottom, right], the last two not included; what lies outside the image is ignored.
    library.def("erase(Tensor images, Tensor boxes, float fill=0) -> Tensor", erase);
}

}  // namespace anneal
