/// What in a clip speaks for one of a model's labels.
public struct ClipExplanation: Sendable, Hashable {
    /// The label, by number.
    public var label: Int
    /// How much each frame speaks for the label (above 0) or against it: gradient times input, summed over the frame's
    /// vector, and divided so that the sizes of all add up to 1.
    public var frames: [Double]
    /// Height of `maps`.
    public var height: Int
    /// Width of `maps`.
    public var width: Int
    /// Where in each frame what speaks for the label is, by Grad-CAM, 0...1: `[frame, height, width]`. 1 is the strongest
    /// place in the whole clip, so that frames can be told from each other.
    public var maps: [Float]

    public init(label: Int, frames: [Double], height: Int, width: Int, maps: [Float]) {
        self.label = label
        self.frames = frames
        self.height = height
        self.width = width
        self.maps = maps
    }

    /// The strength at a point of a frame, between the map's places in straight lines.
    /// - Parameters:
    ///   - frame: which frame.
    ///   - x: across, 0 (left edge) to 1.
    ///   - y: down, 0 (upper edge) to 1.
    public func strength(frame: Int, x: Double, y: Double) -> Float {
        func cells(_ place: Double, _ count: Int) -> (Int, Int, Float) {
            let exact = min(max(place * Double(count) - 0.5, 0), Double(count - 1))
            let low = Int(exact)
            return (low, min(low + 1, count - 1), Float(exact - Double(low)))
        }
        let (top, bottom, down) = cells(y, height)
        let (left, right, across) = cells(x, width)
        func value(_ row: Int, _ column: Int) -> Float { maps[(frame * height + row) * width + column] }
        let upper = value(top, left) * (1 - across) + value(top, right) * across
        let lower = value(bottom, left) * (1 - across) + value(bottom, right) * across
        return upper * (1 - down) + lower * down
    }
}
