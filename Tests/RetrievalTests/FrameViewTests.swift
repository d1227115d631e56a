import Foundation
import Retrieval
import Testing

/// What of a frame is looked at.
@Suite struct FrameViewTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            var box: [Float]
            var size: [Int]
            var bytes: [UInt8]
        }
        var height: Int
        var width: Int
        var bytes: [UInt8]
        var cases: [Case]
    }

    /// Parts of other sizes are what Pillow makes of them, but for the rounding of levels and the pixels beyond a part's edge,
    /// which Pillow does not look at.
    @Test func partsAreAsPillowMakesThem() throws {
        let path = try #require(Bundle.module.url(forResource: "Fixtures/pixels", withExtension: "json"))
        let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: path))
        let pixels = FramePixels(fixture.bytes, height: fixture.height, width: fixture.width)
        for known in fixture.cases {
            let box = FrameBox(
                top: known.box[0] / Float(fixture.height), left: known.box[1] / Float(fixture.width),
                height: known.box[2] / Float(fixture.height), width: known.box[3] / Float(fixture.width))
            let (rows, columns) = (known.size[0], known.size[1])
            let made = pixels.part(box, height: rows, width: columns)
            #expect(made.count == known.bytes.count)
            for row in 1..<rows - 1 {
                for place in (row * columns + 1) * 3..<(row * columns + columns - 1) * 3 {
                    #expect(abs(Int(made[place]) - Int(known.bytes[place])) <= 1, "\(known.box) \(row) \(place)")
                }
            }
        }
    }

    @Test func barsAreLeftOut() {
        func picture(_ rows: Range<Int>, _ columns: Range<Int>) -> [UInt8] {
            (0..<40 * 30).flatMap { pixel in
                [UInt8](repeating: rows.contains(pixel / 30) && columns.contains(pixel % 30) ? 200 : 9, count: 3)
            }
        }
        func inside(_ rows: Range<Int>, _ columns: Range<Int>) -> FrameBox {
            FrameBars.inside(picture(rows, columns), height: 40, width: 30)
        }
        // One row more at each bar, for its edge is blurred.
        #expect(inside(10..<30, 0..<30) == FrameBox(top: 11.0 / 40, height: 18.0 / 40))
        #expect(inside(0..<40, 5..<30) == FrameBox(left: 6.0 / 30, width: 24.0 / 30))
        #expect(inside(0..<40, 0..<30) == FrameBox())
        // All dark, or nearly all: that is the picture.
        #expect(inside(0..<0, 0..<0) == FrameBox())
        #expect(inside(18..<22, 0..<30) == FrameBox())
    }
}
