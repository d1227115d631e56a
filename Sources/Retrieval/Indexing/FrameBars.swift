/// Black bars about a picture, which a copy has and the film it was made of has not.
package enum FrameBars {
    /// What is as dark as bars are, of 255, noise of compression included.
    private static let dark = 28

    /// What of the picture lies between its bars.
    ///
    /// A row or column belongs to a bar where it, and all between it and the edge, are dark throughout. Two thirds of a side
    /// may be bars; where there is more, or nothing but darkness, it is all of the picture.
    /// - Parameter bytes: RGB, `[height, width, 3]`.
    package static func inside(_ bytes: [UInt8], height: Int, width: Int) -> FrameBox {
        guard bytes.count == height * width * 3, height > 2, width > 2 else { return FrameBox() }
        func isDark(_ places: StrideTo<Int>) -> Bool { places.allSatisfy { bytes[$0 * 3 + 1] < dark } }
        func row(_ number: Int) -> Bool { isDark(stride(from: number * width, to: (number + 1) * width, by: 1)) }
        func column(_ number: Int) -> Bool { isDark(stride(from: number, to: height * width, by: width)) }
        var top = (0..<height).prefix(while: row).count
        guard top < height else { return FrameBox() }
        var bottom = height - (0..<height).reversed().prefix(while: row).count
        var left = (0..<width).prefix(while: column).count
        var right = width - (0..<width).reversed().prefix(while: column).count
        // The edge itself is blurred over one more.
        if top > 0 { top += 1 }
        if bottom < height { bottom -= 1 }
        if left > 0 { left += 1 }
        if right < width { right -= 1 }
        guard 3 * (bottom - top) >= height, 3 * (right - left) >= width else { return FrameBox() }
        return FrameBox(
            top: Float(top) / Float(height), left: Float(left) / Float(width),
            height: Float(bottom - top) / Float(height), width: Float(right - left) / Float(width))
    }
}
