// The operations that take most of a training step on a CPU, for float32 in rows of channels (NHWC).
//
// PyTorch runs each as several passes over memory (batch norm, SiLU, their gradients) or slowly
// (the gradients of depthwise convolutions).  One thread: the caller runs one replica a thread.
// Tested against PyTorch's own in tests/lab/test_kernels.py.

#include <cmath>
#include <cstring>
#include <vector>

namespace {

constexpr int LANES = 16;  // floats in an AVX-512 register; every depthwise layer has 16 n channels
constexpr int BLOCK = 64;  // rows summed in float before the sum moves on to double

// Bounded, since -ffast-math divides by way of a reciprocal that makes NaN of infinity.
inline float sigmoid(float z) { return 1.0f / (1.0f + std::exp(-(z > -80.0f ? z : -80.0f))); }

// One image, 16 channels: copy rows x cols into a zeroed tile with a border, `step` apart.
void fill_tile(const float* x, int rows, int cols, int channels, float* tile, int tile_rows,
               int tile_cols, int border, int step) {
    std::memset(tile, 0, sizeof(float) * tile_rows * tile_cols * LANES);
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < cols; ++c)
            std::memcpy(tile + ((r * step + border) * tile_cols + c * step + border) * LANES,
                        x + (r * cols + c) * channels, sizeof(float) * LANES);
}

template <int K>
void depthwise_backward(const float* x, const float* dy, const float* weight, float* dx,
                        float* dweight, int images, int height, int width, int out_height,
                        int out_width, int channels, int stride) {
    constexpr int P = K / 2;
    typedef float vec __attribute__((vector_size(64), aligned(4), may_alias));
    const int tile_rows = height + 2 * P + stride, tile_cols = width + 2 * P + stride;
    std::vector<float> x_store(tile_rows * tile_cols * LANES + LANES);
    std::vector<float> y_store(tile_rows * tile_cols * LANES + LANES);
    auto align = [](std::vector<float>& v) {
        return reinterpret_cast<float*>((reinterpret_cast<size_t>(v.data()) + 63) & ~size_t(63));
    };
    float *xt = align(x_store), *yt = align(y_store);
    std::memset(dweight, 0, sizeof(float) * channels * K * K);
    std::vector<float> grad(K * K * LANES);
    for (int block = 0; block < channels; block += LANES) {
        vec w[K * K], total[K * K];
        for (int k = 0; k < K * K; ++k)
            for (int l = 0; l < LANES; ++l) {
                w[k][l] = weight[(block + l) * K * K + K * K - 1 - k];  // flipped
                total[k][l] = 0;
            }
        for (int n = 0; n < images; ++n) {
            const float* xn = x + (size_t)n * height * width * channels + block;
            const float* yn = dy + (size_t)n * out_height * out_width * channels + block;
            float* dn = dx + (size_t)n * height * width * channels + block;
            fill_tile(xn, height, width, channels, xt, tile_rows, tile_cols, P, 1);
            // Gradient of the kernel: every tap's product of gradient and input.
            vec sum[K * K];
            for (int k = 0; k < K * K; ++k) sum[k] = total[k];
            for (int r = 0; r < out_height; ++r)
                for (int c = 0; c < out_width; ++c) {
                    const vec g = *(const vec*)(yn + (r * out_width + c) * channels);
                    const float* at = xt + (r * stride * tile_cols + c * stride) * LANES;
#pragma GCC unroll 5
                    for (int i = 0; i < K; ++i)
#pragma GCC unroll 5
                        for (int j = 0; j < K; ++j)
                            sum[i * K + j] += g * *(const vec*)(at + (i * tile_cols + j) * LANES);
                }
            for (int k = 0; k < K * K; ++k) total[k] = sum[k];
            // Gradient of the input: the gradient, spread by the stride, under the flipped kernel.
            fill_tile(yn, out_height, out_width, channels, yt, tile_rows, tile_cols, P, stride);
            for (int r = 0; r < height; ++r)
                for (int c = 0; c < width; ++c) {
                    vec a = {}, b = {};
                    const float* at = yt + (r * tile_cols + c) * LANES;
#pragma GCC unroll 5
                    for (int i = 0; i < K; ++i)
#pragma GCC unroll 5
                        for (int j = 0; j < K; ++j) {
                            const vec v = *(const vec*)(at + (i * tile_cols + j) * LANES);
                            if ((i * K + j) % 2) a += w[i * K + j] * v;
                            else b += w[i * K + j] * v;
                        }
                    *(vec*)(dn + (r * width + c) * channels) = a + b;
                }
        }
        for (int k = 0; k < K * K; ++k)
            for (int l = 0; l < LANES; ++l) dweight[(block + l) * K * K + k] = total[k][l];
    }
}

}  // namespace

extern "C" {

// Mean and 1 / sqrt(variance + epsilon) of each channel; running statistics move by `momentum`.
void norm_statistics(const float* x, long rows, int channels, float* running_mean,
                     float* running_var, float momentum, float epsilon, float* mean,
                     float* inverse) {
    std::vector<double> sum(channels), square(channels);
    std::vector<float> s(channels), q(channels), shift(running_mean, running_mean + channels);
    for (long start = 0; start < rows; start += BLOCK) {
        std::fill(s.begin(), s.end(), 0.f);
        std::fill(q.begin(), q.end(), 0.f);
        const long stop = start + BLOCK < rows ? start + BLOCK : rows;
        for (long r = start; r < stop; ++r) {
            const float* row = x + r * channels;
            for (int c = 0; c < channels; ++c) {
                const float d = row[c] - shift[c];  // near the mean, so that squares stay small
                s[c] += d;
                q[c] += d * d;
            }
        }
        for (int c = 0; c < channels; ++c) sum[c] += s[c], square[c] += q[c];
    }
    for (int c = 0; c < channels; ++c) {
        const double m = sum[c] / rows, v = std::fmax(square[c] / rows - m * m, 0.0);
        mean[c] = shift[c] + m;
        inverse[c] = 1.0 / std::sqrt(v + epsilon);
        running_mean[c] += momentum * (mean[c] - running_mean[c]);
        running_var[c] += momentum * (v * rows / (rows > 1 ? rows - 1 : 1) - running_var[c]);
    }
}

// y = act(gamma (x - mean) inverse + beta), act being SiLU or nothing.
void norm_forward(const float* __restrict x, long rows, int channels, const float* mean,
                  const float* inverse, const float* gamma, const float* beta, int silu,
                  float* __restrict y) {
    std::vector<float> a(channels), b(channels);
    for (int c = 0; c < channels; ++c) {
        a[c] = gamma[c] * inverse[c];
        b[c] = beta[c] - mean[c] * a[c];
    }
    for (long r = 0; r < rows; ++r) {
        const float* xr = x + r * channels;
        float* yr = y + r * channels;
        if (silu)
            for (int c = 0; c < channels; ++c) {
                const float z = a[c] * xr[c] + b[c];
                yr[c] = z * sigmoid(z);
            }
        else
            for (int c = 0; c < channels; ++c) yr[c] = a[c] * xr[c] + b[c];
    }
}

// Gradients of norm_forward over batch statistics (Ioffe & Szegedy 2015, section 3).
void norm_backward(const float* __restrict x, const float* __restrict dy, long rows, int channels,
                   const float* mean, const float* inverse, const float* gamma, const float* beta,
                   int silu, float* __restrict dx, float* dgamma, float* dbeta) {
    std::vector<float> a(channels), b(channels), s(channels), q(channels);
    std::vector<double> sum(channels), dot(channels);
    for (int c = 0; c < channels; ++c) {
        a[c] = gamma[c] * inverse[c];
        b[c] = beta[c] - mean[c] * a[c];
    }
    for (long start = 0; start < rows; start += BLOCK) {
        std::fill(s.begin(), s.end(), 0.f);
        std::fill(q.begin(), q.end(), 0.f);
        const long stop = start + BLOCK < rows ? start + BLOCK : rows;
        for (long r = start; r < stop; ++r) {
            const float *xr = x + r * channels, *gr = dy + r * channels;
            float* dr = dx + r * channels;
            if (silu)
                for (int c = 0; c < channels; ++c) {
                    const float z = a[c] * xr[c] + b[c], t = sigmoid(z);
                    const float dz = gr[c] * t * (1.0f + z * (1.0f - t));
                    dr[c] = dz;
                    s[c] += dz;
                    q[c] += dz * (xr[c] - mean[c]);
                }
            else
                for (int c = 0; c < channels; ++c) {
                    const float dz = gr[c];
                    s[c] += dz;
                    q[c] += dz * (xr[c] - mean[c]);
                }
        }
        for (int c = 0; c < channels; ++c) sum[c] += s[c], dot[c] += q[c];
    }
    // dx = a (dz - mean(dz) - xhat mean(dz xhat)), written as a dz + u x + v
    std::vector<float> u(channels), v(channels);
    for (int c = 0; c < channels; ++c) {
        dbeta[c] = sum[c];
        dgamma[c] = dot[c] * inverse[c];
        u[c] = -a[c] * inverse[c] * dgamma[c] / rows;
        v[c] = -a[c] * dbeta[c] / rows - u[c] * mean[c];
    }
    for (long r = 0; r < rows; ++r) {
        const float *xr = x + r * channels, *gr = (silu ? dx : dy) + r * channels;
        float* dr = dx + r * channels;
#pragma GCC ivdep
        for (int c = 0; c < channels; ++c) dr[c] = a[c] * gr[c] + u[c] * xr[c] + v[c];
    }
}

// y = x * s, s one number an image and channel.
void scale_forward(const float* __restrict x, const float* s, int images, int area, int channels,
                   float* __restrict y) {
    for (int n = 0; n < images; ++n, s += channels)
        for (int i = 0; i < area; ++i, x += channels, y += channels)
            for (int c = 0; c < channels; ++c) y[c] = x[c] * s[c];
}

// Mean of each image's channel.
void pool(const float* __restrict x, int images, int area, int channels, float* __restrict mean) {
    for (int n = 0; n < images; ++n, mean += channels) {
        std::memset(mean, 0, sizeof(float) * channels);
        for (int i = 0; i < area; ++i, x += channels)
            for (int c = 0; c < channels; ++c) mean[c] += x[c];
        for (int c = 0; c < channels; ++c) mean[c] /= area;
    }
}

// ds = sum of dy * x over each image's channel.
void dot_backward(const float* __restrict x, const float* __restrict dy, int images, int area,
                  int channels, float* __restrict ds) {
    for (int n = 0; n < images; ++n, ds += channels) {
        std::memset(ds, 0, sizeof(float) * channels);
        for (int i = 0; i < area; ++i, x += channels, dy += channels)
            for (int c = 0; c < channels; ++c) ds[c] += dy[c] * x[c];
    }
}

// dx = dy * s + d, s and d one number an image and channel.
void scale_backward(const float* __restrict dy, const float* s, const float* d, int images,
                    int area, int channels, float* __restrict dx) {
    for (int n = 0; n < images; ++n, s += channels, d += channels)
        for (int i = 0; i < area; ++i, dy += channels, dx += channels)
            for (int c = 0; c < channels; ++c) dx[c] = dy[c] * s[c] + d[c];
}

// Gradients of a depthwise convolution, kernel 3 or 5, padded by half of it, stride 1 or 2.
int depthwise_gradients(const float* x, const float* dy, const float* weight, float* dx,
                        float* dweight, int images, int height, int width, int out_height,
                        int out_width, int channels, int kernel, int stride) {
    if (channels % LANES) return 1;
    if (kernel == 3)
        depthwise_backward<3>(x, dy, weight, dx, dweight, images, height, width, out_height,
                              out_width, channels, stride);
    else if (kernel == 5)
        depthwise_backward<5>(x, dy, weight, dx, dweight, images, height, width, out_height,
                              out_width, channels, stride);
    else
        return 1;
    return 0;
}
}
