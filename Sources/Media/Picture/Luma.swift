/// The grey of colours: the luma of BT.601, of samples that use their whole range.
package enum Luma {
    /// The grey of red, green and blue of any range.
    package static func of(_ colour: SIMD3<Float>) -> Float { (colour * SIMD3(0.299, 0.587, 0.114)).sum() }

    /// The grey of red, green and blue, 0...255, by weights in 256ths: less than 1 from the exact one.
    @inline(__always)
    package static func of(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let sum: UInt32 = 77 * UInt32(red) + 150 * UInt32(green) + 29 * UInt32(blue)
        return UInt8((sum + 128) >> 8)
    }

    /// The greys of pixels, `[pixel]` of `[pixel, 3]`. Bytes that are left over at the end make no pixel.
    package static func plane(of bytes: ArraySlice<UInt8>) -> [UInt8] {
        var greys: [UInt8] = []
        greys.reserveCapacity(bytes.count / 3)
        for place in stride(from: bytes.startIndex, to: bytes.endIndex - 2, by: 3) {
            greys.append(of(bytes[place], bytes[place + 1], bytes[place + 2]))
        }
        return greys
    }
}
