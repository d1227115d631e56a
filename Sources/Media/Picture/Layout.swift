/// Where the pixels of a frame go: the display picture scaled to `scaled`, laid on a canvas, and cut out of it.
struct Layout: Hashable, Sendable {
    /// A rectangle of the canvas.
    struct Window: Hashable, Sendable {
        var x: Int
        var y: Int
    }

    /// Size of the whole picture after scaling, upright.
    let scaled: MediaInfo.Size
    /// Size of the black canvas that it is laid on; equal to `scaled` but for letterboxes.
    let canvas: MediaInfo.Size
    /// Where on the canvas the picture's corner lies.
    let origin: Window
    /// Size of each frame that comes out.
    let output: MediaInfo.Size
    /// Corner of each cut on the canvas: one, or five for `.five`.
    let windows: [Window]

    /// Works out the geometry of a request for a video of a display size.
    ///
    /// - Throws: `MediaError` `.badRequest` where a size is out of range or a crop is larger than the picture.
    init(
        display: MediaInfo.Size, resize: FrameRequest.Resize, crop: FrameRequest.Crop, path: String
    ) throws(MediaError) {
        let scaled: MediaInfo.Size
        var canvas: MediaInfo.Size?
        switch resize {
        case .none: scaled = display
        case .shortSide(let side):
            try Layout.check(side, side, path)
            let short = max(1, min(display.width, display.height))
            let long = max(display.width, display.height)
            let other = (Double(long) * Double(side) / Double(short)).rounded()
            guard other <= Double(Limits.side) else { throw Layout.tooLarge(path) }
            scaled =
                display.width <= display.height
                ? MediaInfo.Size(width: side, height: Int(other)) : MediaInfo.Size(width: Int(other), height: side)
        case .exact(let width, let height): scaled = MediaInfo.Size(width: width, height: height)
        case .letterbox(let width, let height):
            try Layout.check(width, height, path)
            let scale = min(
                Double(width) / Double(max(1, display.width)), Double(height) / Double(max(1, display.height)))
            scaled = MediaInfo.Size(
                width: min(width, max(1, Int((Double(display.width) * scale).rounded()))),
                height: min(height, max(1, Int((Double(display.height) * scale).rounded()))))
            canvas = MediaInfo.Size(width: width, height: height)
        }
        try Layout.check(scaled.width, scaled.height, path)
        self.scaled = scaled
        let whole = canvas ?? scaled
        self.canvas = whole
        origin = Window(x: (whole.width - scaled.width) / 2, y: (whole.height - scaled.height) / 2)
        switch crop {
        case .none:
            output = whole
            windows = [Window(x: 0, y: 0)]
        case .center(let width, let height):
            let room = try Layout.room(whole, width, height, path)
            output = MediaInfo.Size(width: width, height: height)
            windows = [Window(x: room.width / 2, y: room.height / 2)]
        case .random(let width, let height, let seed):
            let room = try Layout.room(whole, width, height, path)
            var random = SplitMix(seed: seed)
            output = MediaInfo.Size(width: width, height: height)
            windows = [Window(x: random.below(room.width + 1), y: random.below(room.height + 1))]
        case .five(let width, let height):
            let room = try Layout.room(whole, width, height, path)
            output = MediaInfo.Size(width: width, height: height)
            windows = [
                Window(x: 0, y: 0), Window(x: room.width, y: 0), Window(x: 0, y: room.height),
                Window(x: room.width, y: room.height), Window(x: room.width / 2, y: room.height / 2),
            ]
        }
    }

    private static func check(_ width: Int, _ height: Int, _ path: String) throws(MediaError) {
        guard width >= 1, height >= 1 else {
            throw MediaError(
                .badRequest, path: path, "the size asked for is \(width)x\(height)", remedy: "Ask for at least 1x1.")
        }
        guard width <= Limits.side, height <= Limits.side, width * height <= Limits.pixels else { throw tooLarge(path) }
    }

    private static func tooLarge(_ path: String) -> MediaError {
        MediaError(
            .badRequest, path: path,
            "the size asked for is more than \(Limits.side) on a side or \(Limits.pixels) pixels",
            remedy: "Ask for a smaller size.")
    }

    /// What is left on each axis when the window is cut out.
    private static func room(
        _ canvas: MediaInfo.Size, _ width: Int, _ height: Int, _ path: String
    ) throws(MediaError) -> MediaInfo.Size {
        try check(width, height, path)
        guard width <= canvas.width, height <= canvas.height else {
            throw MediaError(
                .badRequest, path: path,
                "a crop of \(width)x\(height) does not fit in a picture of \(canvas.width)x\(canvas.height)",
                remedy: "Resize to at least the size of the crop first.")
        }
        return MediaInfo.Size(width: canvas.width - width, height: canvas.height - height)
    }
}
