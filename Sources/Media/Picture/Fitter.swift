internal import CFFmpeg

/// Turns decoded pictures into RGB bytes of one layout.
///
/// The decoder's pixel format goes to RGB at the target size in a single pass of the library's scaler; what is left
/// (alpha over black, turning, borders, cutting) is done on the small result.
final class Fitter {
    let layout: Layout
    private let orientation: Orientation
    private let path: String
    private var scaler: Scaler?
    /// The scaled picture, not yet turned.
    private var scratch: PixelBuffer?

    init(layout: Layout, orientation: Orientation, path: String) {
        self.layout = layout
        self.orientation = orientation
        self.path = path
    }

    /// Bytes that one decoded picture becomes: all its crops.
    var bytesPerPicture: Int { layout.output.width * layout.output.height * 3 * layout.windows.count }

    /// The picture's RGB bytes, crop after crop.
    func bytes(of picture: PictureBuffer) throws(MediaError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bytesPerPicture)
        let pixels = try scale(picture)
        for window in layout.windows { cut(pixels, window, into: &bytes) }
        return bytes
    }

    private func scale(_ picture: PictureBuffer) throws(MediaError) -> PixelBuffer {
        let size = orientation.apply(to: layout.scaled)
        let key = Scaler.Key(picture, size: size)
        let scaler: Scaler
        if let ready = self.scaler, ready.key == key {
            scaler = ready
        } else {
            // Only at the start, and where the stream changes its size or format on the way.
            scaler = try Scaler(key, path: path)
            self.scaler = scaler
        }
        let buffer: PixelBuffer
        if let scratch, scratch.size == size, scratch.channels == key.channels {
            buffer = scratch
        } else {
            buffer = try PixelBuffer(size: size, channels: key.channels, path: path)
            scratch = buffer
        }
        try scaler.run(picture, into: buffer, path: path)
        if key.channels == 4 { buffer.layOverBlack() }
        return buffer
    }

    /// Copies one window of the upright canvas.
    private func cut(_ pixels: PixelBuffer, _ window: Layout.Window, into bytes: inout [UInt8]) {
        let start = bytes.count
        let (width, height) = (layout.output.width, layout.output.height)
        bytes.append(contentsOf: repeatElement(0, count: width * height * 3))
        let (scaled, origin) = (layout.scaled, layout.origin)
        // The part of the window that the picture covers, in window coordinates.
        let left = max(0, origin.x - window.x)
        let right = min(width, origin.x + scaled.width - window.x)
        let top = max(0, origin.y - window.y)
        let bottom = min(height, origin.y + scaled.height - window.y)
        guard left < right, top < bottom else { return }
        let walk = pixels.walk(orientation)
        unsafe bytes.withUnsafeMutableBufferPointer { all in
            guard let base = all.baseAddress else { return }
            for y in top..<bottom {
                let (sourceX, sourceY) = (window.x + left - origin.x, window.y + y - origin.y)
                let from = walk.start + sourceX * walk.across + sourceY * walk.down
                let to = unsafe base + start + (y * width + left) * 3
                unsafe pixels.copyRow(from: from, step: walk.across, count: right - left, to: to)
            }
        }
    }
}
