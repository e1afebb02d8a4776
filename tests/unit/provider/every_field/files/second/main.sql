SELECT 'second';
