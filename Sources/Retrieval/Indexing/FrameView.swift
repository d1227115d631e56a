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

    /// The sides of what is looked at by parts, in shares of the picture's.
    private static let side: Float = 0.72

    /// The parts of which a copy may show one where another is covered, or beyond its edge.
    static let parts: [FrameView] = [.centre, .topLeft, .topRight, .bottomLeft, .bottomRight]

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
        let (side, rest) = (Self.side, 1 - Self.side)
        return switch self {
        case .whole, .upended: FrameBox()
        case .rows: FrameBox(top: rest / 2, height: side)
        case .columns: FrameBox(left: rest / 2, width: side)
        case .centre: FrameBox(top: rest / 2, left: rest / 2, height: side, width: side)
        case .topLeft: FrameBox(height: side, width: side)
        case .topRight: FrameBox(left: rest, height: side, width: side)
        case .bottomLeft: FrameBox(top: rest, height: side, width: side)
        case .bottomRight: FrameBox(top: rest, left: rest, height: side, width: side)
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
