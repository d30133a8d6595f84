package dev.thac.plan;

/**
 * A model tier of an analysis, by its place. Its text stands for the model's name in the copies of
 * a pipeline that are surveyed, so that tiers with the same model can be told apart.
 *
 * @param analysis the analysis
 * @param tier its number among the model tiers of the analysis, from 0
 */
record TierKey(String analysis, int tier) {

    String name() {
        return analysis + "/" + tier;
    }

    static TierKey of(String name) {
        int slash = name.lastIndexOf('/');
        return new TierKey(name.substring(0, slash), Integer.parseInt(name.substring(slash + 1)));
    }

    static boolean named(String name) {
        return name.indexOf('/') > 0;
    }
}
