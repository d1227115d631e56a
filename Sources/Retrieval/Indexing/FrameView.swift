/// A part of a picture, or a way of seeing it, that is looked at by itself, since a copy may show no more than that.
///
/// The raw value is its place among a frame's looks.
enum FrameView: Int, CaseIterable {
    case whole
    /// On its head.
    case upended
    /// What is left between bars above and below, or at the sides.
    case rows, columns
    case centre, topLeft, topRight, bottomLeft, bottomRight
    /// Larger parts, in which a query that is itself cropped somewhat shows about what a part of the original does.
    case largeCentre, largeTopLeft, largeTopRight, largeBottomLeft, largeBottomRight

    /// What the parts, and the larger ones, have of the picture's sides.
    private static let (side, largeSide): (Float, Float) = (0.72, 0.86)

    /// The parts of which a copy may show one where another is covered, or beyond its edge.
    static let parts: [FrameView] = [.centre, .topLeft, .topRight, .bottomLeft, .bottomRight]
    static let largeParts: [FrameView] = [
        .largeCentre, .largeTopLeft, .largeTopRight, .largeBottomLeft, .largeBottomRight,
    ]

    /// What is kept of a collection's videos: the first ones. Of a query all are looked at, since that is done once.
    static let kept = Array(allCases.prefix { $0 != .largeCentre })

    /// What shows the same in a mirrored copy.
    var mirrored: FrameView {
        switch self {
        case .topLeft: .topRight
        case .topRight: .topLeft
        case .bottomLeft: .bottomRight
        case .bottomRight: .bottomLeft
        default: self
        }
    }

    /// The part of the picture, in shares of its height and width.
    var box: FrameBox {
        let side = Self.largeParts.contains(self) ? Self.largeSide : Self.side
        let rest = 1 - side
        return switch self {
        case .whole, .upended: FrameBox()
        case .rows: FrameBox(top: rest / 2, height: side)
        case .columns: FrameBox(left: rest / 2, width: side)
        case .centre, .largeCentre: FrameBox(top: rest / 2, left: rest / 2, height: side, width: side)
        case .topLeft, .largeTopLeft: FrameBox(height: side, width: side)
        case .topRight, .largeTopRight: FrameBox(left: rest, height: side, width: side)
        case .bottomLeft, .largeBottomLeft: FrameBox(top: rest, height: side, width: side)
        case .bottomRight, .largeBottomRight: FrameBox(top: rest, left: rest, height: side, width: side)
        }
    }
}

/// A rectangle in a picture: all of it where nothing else is said.
package struct FrameBox: Equatable {
    package var top: Float = 0
    package var left: Float = 0
    package var height: Float = 1
    package var width: Float = 1

    package init(top: Float = 0, left: Float = 0, height: Float = 1, width: Float = 1) {
        (self.top, self.left, self.height, self.width) = (top, left, height, width)
    }

    /// A box of this box.
    func part(_ inner: FrameBox) -> FrameBox {
        FrameBox(
            top: top + inner.top * height, left: left + inner.left * width, height: inner.height * height,
            width: inner.width * width)
    }
}
