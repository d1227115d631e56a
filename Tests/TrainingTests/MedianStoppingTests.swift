import Testing
import Training

@Suite struct MedianStoppingTests {
    @Test func belowTheMedianIsBehind() {
        let others = [[0.5, 0.6], [0.7, 0.4], [0.6, 0.8]]
        #expect(MedianStopping.isBehind([0.59], others: others))
        #expect(!MedianStopping.isBehind([0.6], others: others))
        #expect(MedianStopping.isBehind([0.9, 0.5], others: others))
        // Between the middle two of four.
        #expect(MedianStopping.isBehind([0.64], others: others + [[0.9]]))
        #expect(!MedianStopping.isBehind([0.66], others: others + [[0.9]]))
    }

    @Test func fewOthersSayNothing() {
        #expect(!MedianStopping.isBehind([0.1], others: [[0.9], [0.9]]))
        // Only those count that were measured on as many folds.
        #expect(!MedianStopping.isBehind([0.1, 0.1], others: [[0.9], [0.9, 0.9], [0.9, 0.9]]))
        #expect(!MedianStopping.isBehind([], others: [[0.9], [0.9], [0.9]]))
    }
}
