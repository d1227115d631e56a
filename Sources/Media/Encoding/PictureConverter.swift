internal import CFFmpeg

/// Turns RGB bytes into pictures of an encoder's pixel format.
final class PictureConverter {
    private let width: Int
    private let height: Int
    private let encodedWidth: Int
    private let encodedHeight: Int
    private let format: AVPixelFormat
    private let path: String
    /// RGB at the encoded size, with the padded rows that swscale's wide reads need.
    private let staging: EncodingPicture?
    private let scaler: EncodingScaler?
    private var quantizer = PaletteQuantizer()

    init(
        width: Int, height: Int, encodedWidth: Int, encodedHeight: Int, to format: AVPixelFormat, path: String
    ) throws(MediaError) {
        (self.width, self.height, self.encodedWidth, self.encodedHeight) = (width, height, encodedWidth, encodedHeight)
        self.format = format
        self.path = path
        let converts = format != AV_PIX_FMT_RGB24 && format != AV_PIX_FMT_PAL8
        staging =
            converts
            ? try EncodingPicture(width: encodedWidth, height: encodedHeight, format: AV_PIX_FMT_RGB24, path: path)
            : nil
        scaler =
            converts
            ? try EncodingScaler(width: encodedWidth, height: encodedHeight, to: format, path: path) : nil
    }

    /// A picture to convert into.
    func makePicture() throws(MediaError) -> EncodingPicture {
        try EncodingPicture(width: encodedWidth, height: encodedHeight, format: format, path: path)
    }

    /// Converts `width * height * 3` bytes.
    func convert(_ rgb: ArraySlice<UInt8>, into picture: EncodingPicture) throws(MediaError) {
        try picture.makeWritable(path: path)
        if let staging, let scaler {
            unsafe rgb.withUnsafeBufferPointer { unsafe staging.fill(rgb: $0, width: width, height: height) }
            scaler.convert(staging, to: picture)
        } else if format == AV_PIX_FMT_RGB24 {
            unsafe rgb.withUnsafeBufferPointer { unsafe picture.fill(rgb: $0, width: width, height: height) }
        } else {
            quantize(rgb, into: picture)
        }
    }

    private func quantize(_ rgb: ArraySlice<UInt8>, into picture: EncodingPicture) {
        let (indices, palette) = quantizer.quantize(Array(rgb), width: width)
        guard let target = unsafe picture.handle.pointee.data.0, let colours = unsafe picture.handle.pointee.data.1
        else { return }
        let stride = unsafe Int(picture.handle.pointee.linesize.0)
        unsafe indices.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            for row in 0..<height { unsafe (target + row * stride).update(from: start + row * width, count: width) }
        }
        // A palette entry is one 32-bit word in the machine's byte order: alpha, red, green, blue.
        unsafe colours.withMemoryRebound(to: UInt32.self, capacity: 256) { words in
            for index in 0..<256 { unsafe words[index] = index < palette.count ? palette[index] : 0xFF00_0000 }
        }
    }
}
