package dev.thac.app.sample;

import java.util.List;

/** What the made-up shop sells, and who buys there. */
final class Goods {

    /** From cheap to dear; most orders are for the first ones. */
    static final List<Product> ALL =
            List.of(
                    new Product("p-01", "ốp lưng", 59_000),
                    new Product("p-02", "cà phê phin", 85_000),
                    new Product("p-03", "bình giữ nhiệt", 189_000),
                    new Product("p-04", "son môi", 219_000),
                    new Product("p-05", "balo", 359_000),
                    new Product("p-06", "áo khoác", 429_000),
                    new Product("p-07", "tai nghe", 590_000),
                    new Product("p-08", "giày thể thao", 890_000),
                    new Product("p-09", "nồi chiên", 1_490_000),
                    new Product("p-10", "máy lọc không khí", 3_290_000),
                    new Product("p-11", "điện thoại", 8_990_000),
                    new Product("p-12", "máy tính xách tay", 18_990_000));

    static final List<String> CITIES =
            List.of("Hà Nội", "TP.HCM", "Đà Nẵng", "Cần Thơ", "Hải Phòng", "Huế", "Nha Trang");

    private static final List<String> FAMILY =
            List.of("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô");
    private static final List<String> MIDDLE =
            List.of("Thị", "Văn", "Minh", "Thanh", "Quốc", "Ngọc", "Đức");
    private static final List<String> GIVEN =
            List.of(
                    "An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khôi", "Lan", "My", "Nam", "Oanh",
                    "Phúc", "Quân");

    private Goods() {}

    /**
     * Something to buy.
     *
     * @param id of the item
     * @param name what it is
     * @param price in VND
     */
    record Product(String id, String name, int price) {}

    /** The name of a user: always the same for a number, and a different one for its neighbours. */
    static String person(int number) {
        return FAMILY.get(number % FAMILY.size())
                + " "
                + MIDDLE.get(number % MIDDLE.size())
                + " "
                + GIVEN.get(number % GIVEN.size());
    }

    /** Where a user lives. */
    static String city(int number) {
        return CITIES.get(number * 31 % 97 % CITIES.size());
    }
}
