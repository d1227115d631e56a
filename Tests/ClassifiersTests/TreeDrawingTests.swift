import Classifiers
import Testing

/// A tree as text and as a picture.
@Suite struct TreeDrawingTests {
    /// Two questions about numbers 0 and 1 of three.
    private func tree() throws -> DecisionTree {
        var arrays = ClassifierArrays()
        arrays.set("features", [5], [0, -1, 1, -1, -1] as [Int32])
        arrays.set("thresholds", [5], [0.5, 0, -1.25, 0, 0] as [Float])
        arrays.set("left", [5], [1, 0, 3, 0, 0] as [Int32])
        arrays.set("right", [5], [2, 0, 4, 0, 0] as [Int32])
        arrays.set("roots", [1], [0 as Int32])
        arrays.set("shares", [5, 2], [0.5, 0.5, 1, 0, 0.25, 0.75, 0.6, 0.4, 0, 1] as [Float])
        arrays.set("counts", [5], [20, 8, 12, 5, 7] as [Int32])
        arrays.set("width", [1], [3 as Int32])
        return try DecisionTree(arrays, classCount: 2)
    }

    @Test func text() throws {
        let text = try tree().text(labels: ["calm", "fight"], features: ["mean 0", "mean 1", "mean 2"])
        #expect(
            text == """
                mean 0 <= 0.5 (20)
                |   calm 1.00 (8)
                mean 0 > 0.5
                |   mean 1 <= -1.25 (12)
                |   |   calm 0.60 (5)
                |   mean 1 > -1.25
                |   |   fight 1.00 (7)
                """)
    }

    @Test func picture() throws {
        let picture = try tree().svg(labels: ["<calm & co>", "fight"], features: ["mean 0", "mean 1", "mean 2"])
        #expect(picture.hasPrefix("<svg xmlns=") && picture.hasSuffix("</svg>\n"))
        #expect(picture.count(of: "<rect x=") == 5 && picture.count(of: "<line ") == 4)
        #expect(picture.count(of: ">yes</text>") == 2 && picture.count(of: ">no</text>") == 2)
        // A label stands as text, whatever is in it.
        #expect(picture.contains("&lt;calm &amp; co&gt;") && !picture.contains("<calm"))
        #expect(picture.contains("mean 1 ≤ -1.25") && picture.contains("0.60 of 5"))
    }

    @Test func oneAnswerAlone() throws {
        let data = try LabelledVectors([1, 1, 1, 1], labels: [0, 0, 0, 1], featureCount: 1, classCount: 2)
        let found = try #require(try ClassifierKind.tree.fit(data, [ClassifierSettings()]).first as? DecisionTree)
        #expect(found.text(labels: ["a", "b"], features: ["x"]) == "a 0.75 (4)")
        #expect(found.svg(labels: ["a", "b"], features: ["x"]).count(of: "<rect x=") == 1)
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
