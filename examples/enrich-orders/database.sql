create table if not exists users (
  id   text primary key,
  name text not null,
  tier text not null,
  city text
);
insert into users values
  ('u-1', 'Nguyễn Thị Lan', 'vip', 'Hà Nội'),
  ('u-2', 'Trần Văn Minh', 'regular', 'Đà Nẵng'),
  ('u-3', 'Lê Hoàng Anh', 'regular', 'Hồ Chí Minh')
on conflict do nothing;
