extension Frames {
    /// All frames on one picture, row by row, with small gaps.
    ///
    /// The picture is `columns * width + (columns + 1) * gap` wide, and in height likewise for
    /// `ceil(count / columns)` rows; places without a frame stay in the background's grey.
    /// - Parameters:
    ///   - columns: frames in a row, at least 1; where nil, about as many as rows, seen in pixels.
    ///   - gap: pixels between frames and around them.
    ///   - background: grey level of the gaps.
    /// - Returns: one frame, at the time of the first.
    /// - Throws: `MediaError.badRequest` if there is no frame, or the picture would be over 32767 pixels on a side.
    public func contactSheet(
        columns: Int? = nil, gap: Int = 4, background: UInt8 = 24
    ) throws(MediaError) -> Frames {
        let path = "contact sheet"
        try requireFrame(count - 1, path: path)
        let square = (Double(count) * Double(height) / Double(width)).squareRoot().rounded()
        let columns = min(count, max(1, columns ?? Int(square)))
        let rows = (count + columns - 1) / columns
        let gap = min(max(0, gap), 1024)
        let sheetWidth = columns * (width + gap) + gap
        let sheetHeight = rows * (height + gap) + gap
        guard sheetWidth <= 32767, sheetHeight <= 32767 else {
            throw MediaError(
                .badRequest, path: path,
                "\(count) frames of \(width)x\(height) make \(sheetWidth)x\(sheetHeight) pixels",
                remedy: "Take fewer or smaller frames, or another number of columns.")
        }
        var sheet = [UInt8](repeating: background, count: sheetWidth * sheetHeight * 3)
        for index in 0..<count {
            let left = index % columns * (width + gap) + gap
            let top = index / columns * (height + gap) + gap
            let start = byteRange(of: index).lowerBound
            for row in 0..<height {
                let target = ((top + row) * sheetWidth + left) * 3
                let source = start + row * width * 3
                sheet.replaceSubrange(target..<target + width * 3, with: bytes[source..<source + width * 3])
            }
        }
        return Frames(height: sheetHeight, width: sheetWidth, bytes: sheet, times: [times[0]], indices: [0])
    }
}
